// The words of the roofline picture, the same in a file and on the screen.
import { type BenchReport, modeNames } from './report.ts'

/** `0.5`, `20`, `1000` */
export const tickText = (value: number): string => String(Number(value.toPrecision(6)))

/** The picture in a sentence, for those who cannot see it. */
export function rooflineSentence({ results, ceiling }: Pick<BenchReport, 'results' | 'ceiling'>): string {
  const gigaflops = (flops: number) => `${(flops / 1e9).toPrecision(3)} GFLOP/s`
  const roof = ceiling
    ? `The ceiling is ${gigaflops(ceiling.flopsPerSecond)} and ${(ceiling.copyBytesPerSecond / 1e9).toPrecision(3)} GB/s with ${ceiling.threads} ${ceiling.threads === 1 ? 'thread' : 'threads'}. `
    : ''
  const points = results.map(
    ({ size, mode, kernels, threads, flopsPerSecond }) =>
      `${size}, ${modeNames[mode]}, ${kernels}${threads > 1 ? ` with ${threads} threads` : ''}: ${gigaflops(flopsPerSecond)}`,
  )
  return `Roofline: speed against FLOPs per byte. ${roof}${points.join('; ')}.`
}
