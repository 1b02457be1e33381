// What must be known of how steep a network was found to be.
import { told } from "./told.ts";

export const STEEP = told({
  low: "a lower bound: neighbouring pixels differ by more than the derivatives at their centres explain",
  tail: "heavy-tailed: the steepest hundredth of the pixels holds over half of it, and what is between them is missed",
});
