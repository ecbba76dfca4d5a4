// Clipping to a global norm, as PyTorch's clip_grad_norm_.

/** What gradients of this norm are multiplied by. @param maxGradNorm 0 = never clipped */
export const clipFactor = (gradNorm: number, maxGradNorm: number): number =>
  maxGradNorm > 0 ? Math.min(1, maxGradNorm / (gradNorm + 1e-6)) : 1
