// For tests/web/test_previews.py: on how many pixels previews of networks are calibrated.

import { DEFAULTS } from "../src/server.ts";
import { Hands } from "../src/site/hands.ts";
import { Networks } from "../src/site/networks.ts";
import { answer, asked } from "./data.ts";

async function main(): Promise<void> {
  const networks = new Networks(new Hands(() => false));
  const rasters: (readonly [number, number] | null)[] = [];
  for (const arch of asked() as string[]) {
    const opened = await networks.open({ ...DEFAULTS, arch, seed: 3 }, true);
    rasters.push(opened === null ? null : [opened.raster.columns, opened.raster.rows]);
  }
  answer(rasters);
}

// what waits for messages would keep this process alive
void main().then(() => { process.exit(0); }, (error: unknown) => { console.error(error); process.exit(1); });
