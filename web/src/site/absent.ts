/** A measure has no value here; the message is the reason, a clause. */
export class Absent extends Error {}
