// Many short arrays in the memory of few long ones: one by one they cost more than what they hold.

const TOGETHER = 1 << 14;

/** Copies of short Float64Arrays. */
export class Room {
  private free = new Float64Array();
  private next = 0;

  copy(numbers: Float64Array): Float64Array {
    const { length } = numbers;
    if (this.next + length > this.free.length) [this.free, this.next] = [new Float64Array(Math.max(TOGETHER, length)), 0];
    const made = this.free.subarray(this.next, this.next + length);
    made.set(numbers);
    this.next += length;
    return made;
  }
}
