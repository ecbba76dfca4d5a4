// demo: the starter world through the phases, with what each brought as numbers.
import { InvalidArgumentError } from 'commander'
import { type DemoPhase, type DemoResult, demoPhases, runDemo } from '../../core/demo/demo.ts'
import { count, type TerminalCommand } from '../command.ts'
import { duration, fields, percent } from '../text.ts'

const phaseList = (text: string): DemoPhase[] => {
  const names = text.split(',').map(name => name.trim())
  const wrong = names.find(name => !demoPhases.some(phase => phase === name))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not one of ${demoPhases.join(', ')}.`)
  return names as DemoPhase[]
}

export const demo: TerminalCommand<{ phases: DemoPhase[]; seed: number }> = {
  name: 'demo',
  summary: 'build a small model of an invented world, in minutes',
  engine: () => 'node',
  declare: command =>
    void command
      .option('--phases <list>', 'comma-separated', phaseList, [...demoPhases])
      .option('--seed <seed>', 'of the world and the training', count, 1),
  async run(session, _, { phases, seed }) {
    const abort = new AbortController()
    const { signal } = abort
    const result = await session.until(
      runDemo(session.lab, { seed, phases, signal, onProgress: line => session.progress.note(line) }),
      async () => {
        abort.abort()
        for (const { id } of session.lab.activeRuns()) await session.call('runs.pause', { run: id })
        for (const { id, state } of await session.call('jobs.list', {}))
          if (state === 'running') await session.call('jobs.cancel', { job: id })
      },
    )
    return { json: result, text: demoText(result) }
  },
}

function demoText({ pretrain, sft, reward, minutes, backend }: DemoResult): string {
  const base = fields([
    ['backend', backend],
    ['time', duration(minutes.total * 60)],
    ['validation loss', pretrain.valLoss.toFixed(4)],
    ['bits per byte', pretrain.valBitsPerByte.toFixed(4)],
    ['checkpoint', pretrain.path],
  ])
  if (!sft)
    return [
      base,
      ...pretrain.samples.map(({ prompt, text }) => `\n${fields([['sample', prompt + text]])}`),
    ].join('\n')
  const { knownFactAccuracy: known } = sft
  const tuned = fields([
    ['fine-tuned', sft.path],
    ['facts it was asked before', `${percent(sft.askedFactAccuracy)} right`],
    ['facts never asked', `base ${percent(known.base)} right, fine-tuned ${percent(known.sft)} right`],
    ['other tasks', `${percent(sft.scores.sft.tasks.correct)} right`],
    ['stops by itself', percent(sft.stopRate)],
    ['about names of nobody', `${percent(sft.fabricationRate)} invented`],
  ])
  const scoring =
    reward &&
    [
      fields([
        ['reward model', reward.path],
        [
          'held-out pairs',
          `${percent(reward.valAccuracy)} right, of ${percent(reward.ceiling)} that label noise leaves`,
        ],
        ['without label noise', percent(reward.cleanAccuracy)],
        ['true over false, facts never asked', percent(reward.truthAccuracy)],
        ['verdict', `${reward.verdict}: ${reward.summary}`],
      ]),
      ...reward.reasons.map(({ level, text }) => `  ${level}: ${text}`),
    ].join('\n')
  const examples = sft.examples.map(({ prompt, base, sft }) =>
    fields([
      ['asked', prompt],
      ['base', base],
      ['fine-tuned', sft],
    ]),
  )
  return [base, tuned, ...(scoring ? [scoring] : []), ...examples].join('\n\n')
}
