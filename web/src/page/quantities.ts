// How large and how long, in words.
import { number } from "./dom.ts";

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e5 ? `${number(Math.ceil(bytes / 1000))} kB` : `${number(Number((bytes / 1e6).toPrecision(2)))} MB`;
}

export function secondsText(seconds: number): string {
  if (seconds < 1) return "under a second";
  return seconds < 90 ? `${number(Math.round(seconds))} s` : `${number(Math.round(seconds / 60))} min`;
}
