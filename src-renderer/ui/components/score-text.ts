// A normalised score as it reads: with its sign, in standard deviations of the fine-tuned model's own answers.

/** `+1.24`, `−0.08`, `0.00`. */
export function signed(score: number): string {
  if (!Number.isFinite(score)) return String(score)
  const figure = Math.abs(score) >= 100 ? Math.abs(score).toFixed(0) : Math.abs(score).toFixed(2)
  return Number(figure) === 0 ? '0.00' : `${score < 0 ? '−' : '+'}${figure}`
}
