// What is asked once of one thing: who asks again, as when a pane changes its size and the frame is as it was, has the same
// answer.

export class Once<Found> {
  #of: readonly unknown[] = [];
  #answer: Promise<Found> | null = null;

  /** The answer about `of`, things that are compared one by one; `ask` is called where these are others than before. */
  get(of: readonly unknown[], ask: () => Promise<Found>): Promise<Found> {
    if (this.#answer !== null && of.length === this.#of.length && of.every((one, i) => one === this.#of[i])) return this.#answer;
    this.#of = of;
    const answer = ask();
    this.#answer = answer;
    // what failed is asked anew
    answer.catch(() => { if (this.#answer === answer) this.#answer = null; });
    return answer;
  }
}
