// bench: how fast this machine trains and writes, beside the same model in stock TF.js ops.
import { runWorker, workerUrl } from '../../core/jobs/worker.ts'
import type { BenchReport, BenchRequest } from '../bench-worker.ts'
import { count, type TerminalCommand } from '../command.ts'
import { table } from '../text.ts'

interface Options {
  size: BenchRequest['size']
  steps: number
  rounds: number
}

export const bench: TerminalCommand<Options> = {
  name: 'bench',
  summary: "this machine's training speed, beside stock TF.js in the same process",
  engine: () => 'none',
  declare(command) {
    command
      .option(
        '--size <name>',
        'small (0.84 M parameters) or minimal (for a GPU emulated on the CPU)',
        'small',
      )
      .option('--steps <n>', 'steps per round', count, 5)
      .option('--rounds <n>', 'rounds, in each of which both have a turn', count, 3)
  },
  async run(_session, _args, { backend, size, steps, rounds }) {
    const request: BenchRequest = {
      backend: backend ?? 'auto',
      size,
      steps: Math.max(1, steps),
      rounds: Math.max(1, rounds),
    }
    const report = await runWorker<BenchReport>(
      workerUrl('bench-worker', new URL('../bench-worker.ts', import.meta.url)),
      request,
      {
        onProgress: ({ done, total, note }) => process.stderr.write(`round ${done} of ${total}: ${note}\n`),
      },
    )
    const { device, results, ratio } = report
    const rows = results.map(({ mode, kernels, tokensPerSecond, dispatches, peakBytes, jsMsPerStep }) => [
      mode,
      kernels,
      tokensPerSecond.toFixed(0),
      dispatches?.toString() ?? '–',
      `${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
      jsMsPerStep.toFixed(1),
    ])
    return {
      // Keys stand even where there is nothing to count, as on the CPU.
      json: {
        ...report,
        results: results.map(row => ({
          ...row,
          dispatches: row.dispatches ?? null,
          boundBytes: row.boundBytes ?? null,
        })),
      },
      text: [
        `${device.adapter}, ${device.backend}, ${device.runtime}; size ${size}`,
        table(['mode', 'kernels', 'tokens/s', 'dispatches', 'memory', 'JS ms/step'], rows, ''),
        `training: ${ratio.median.toFixed(2)} times stock TF.js (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)} over ${request.rounds} rounds)`,
      ].join('\n'),
    }
  },
}
