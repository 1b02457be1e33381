"""Views too deep for float64 coordinates: differences from the exact value at the centre.

1. `differences` is the way in. It decides how many bits the view needs from the size of its pixels.
2. `orbit` computes every operation at the view's centre, in whole numbers of 2^-bits (`numbers` has the functions). For
   kernels it does so at all places whose values are read, one tap apart. Beside each value it keeps, in float64, what
   the operation's change is computed from: `near`.
3. `affine` goes through the Program once and finds where a value is affine over the whole view, to the last bit: there
   two slopes replace all work. The other places are `bent`.
4. `walk` computes, for tiles of pixels on all threads, how bent values differ from the centre's. Every operation turns
   differences of its sources into its own without forming a sum; `activations` has phi(z + d) - phi(z).
5. The result is the value at the centre, and what each pixel adds to it.

One-letter names: z is an activation's argument at the centre, d its change towards the pixel, p a channel's parameter
(the slope of leaky, the omega of sin); i is an operation, k an input of the embedding, a, b, c its coefficients, u a
whole number. In arrays' shapes C is the number of channels, n of places along an axis, m = n x n of places, b of bent
places, N of pixels, T of parts: 1 (difference), or 3 (difference, d/dx, d/dy); w is the number of candidates.
"""
