// What is on screen as a short video, recorded by the browser itself.
import { keep } from "../dom.ts";
import { SAID } from "../../words/index.ts";

// milliseconds, pictures a second, bits a second
const MOST = 20_000;
const RATE = 30;
const BITS = 8_000_000;
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

export interface Recorder {
  /** begins, or ends and keeps the file; a sentence where it cannot */
  toggle(canvas: HTMLCanvasElement, name: string): string | null;
}

/** `told` hears whether it records, and what became of it. */
export function recorder(told: (recording: boolean, sentence: string) => void): Recorder {
  let running: MediaRecorder | null = null;
  return {
    toggle: (canvas, name) => {
      if (running !== null) {
        running.stop();
        return null;
      }
      const type = typeof MediaRecorder === "undefined" ? undefined : TYPES.find((one) => MediaRecorder.isTypeSupported(one));
      if (type === undefined) return SAID.motion.record.none;
      const parts: Blob[] = [];
      const stream = canvas.captureStream(RATE);
      const one = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS });
      const end = window.setTimeout(() => { one.stop(); }, MOST);
      one.ondataavailable = ({ data }) => { parts.push(data); };
      one.onstop = () => {
        clearTimeout(end);
        running = null;
        for (const track of stream.getTracks()) track.stop();
        const file = new Blob(parts, { type: type.split(";")[0] ?? type });
        const ending = type.startsWith("video/mp4") ? "mp4" : "webm";
        keep(file, `${name}.${ending}`);
        told(false, SAID.motion.record.kept(`${name}.${ending}`, (file.size / 1e6).toFixed(1)));
      };
      running = one;
      one.start();
      told(true, "");
      return null;
    },
  };
}
