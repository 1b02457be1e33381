// What the page refuses, as the server says it: one line, the key of the state it is about, and the place in its text.
import { LanguageError } from "../engine/language/errors.ts";

/** `position` and `length` are in Unicode's characters. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly key?: string,
    readonly position?: number,
    readonly length?: number,
    /** an architecture like the one that is too large, which is not */
    readonly fits?: string,
  ) {
    super(message);
  }
}

/** What `work` gives; what it refuses is about the key. */
export function about<T>(key: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refusalAbout(key, error);
  }
}

/** As `about`, of what comes later. */
export async function aboutLater<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalAbout(key, error);
  }
}

function refusalAbout(key: string, error: unknown): unknown {
  if (error instanceof LanguageError) return new Refusal(error.message, key, error.position, error.length);
  if (error instanceof Refusal || !(error instanceof Error)) return error;
  return new Refusal(error.message, key);
}
