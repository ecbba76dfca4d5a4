// sft: a new run of phase 2, or an old one going on.

import { parseSftConfig, sftFields } from '../../../src-shared/config/sft-config.ts'
import { sftPresets } from '../../../src-shared/config/sft-presets.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { SftExamples } from '../../../src-shared/contract/sft-contract.ts'
import type { Output, TerminalCommand } from '../command.ts'
import { findSets } from '../find.ts'
import type { Session } from '../session.ts'
import { counted } from '../text.ts'
import {
  addTrainingOptions,
  givenConfig,
  resumeRun,
  type TrainingOptions,
  trainingResult,
} from '../training-run.ts'
import { findParent } from './checkpoint.ts'

/** Refused rows that are named, each with its reason. */
const SHOWN_REFUSALS = 5

interface Options extends TrainingOptions {
  checkpoint?: string
  demonstrations?: string[]
}

export const sft: TerminalCommand<Options> = {
  name: 'sft',
  summary: 'phase 2: learn to respond, from demonstrations',
  engine: () => 'node',
  declare(command) {
    command
      .option(
        '--checkpoint <checkpoint>',
        'the base to start from; by default the newest checkpoint of phase 1',
      )
      .option('--demonstrations <sets...>', 'ids or names; by default the only set there is')
    addTrainingOptions(command, ['checkpoint', 'demonstrations'])
  },
  run: (session, _, options) =>
    options.resume === undefined
      ? start(session, options)
      : resumeRun(session, 'sft', options.resume, options.set),
}

async function start(session: Session, options: Options): Promise<Output> {
  const config = givenConfig(options, sftPresets, sftFields)
  parseSftConfig(config)
  const all = await session.call('demonstrations.list', {})
  const request = {
    checkpoint: await findParent(session, options.checkpoint, 'pretrain'),
    sets: findSets(options.demonstrations, all, all, {
      data: 'demonstrations',
      list: 'demonstrations list',
      fix: 'import some with andromeda demonstrations add FILE',
    }),
    config,
  }
  const { problems, parameters, examples } = await session.call('sft.estimate', request)
  if (examples) await warnOfRefused(session, request, examples)
  if (problems[0]) throw new LabError(problems[0])
  const { train, validation, refused, steps } = examples!
  const { total } = parameters
  session.progress.note(
    `Fine-tuning ${counted(total, 'parameter')} on ${counted(train, 'demonstration')} in ${counted(steps, 'step')}; ${validation.toLocaleString('en-US')} kept for validation, ${refused.toLocaleString('en-US')} refused`,
  )
  const { run } = await session.call('sft.start', {
    ...request,
    ...(options.name === undefined ? {} : { name: options.name }),
  })
  return trainingResult(session, await session.run(run))
}

/** Says which rows are refused, and why, when they are most of them. */
async function warnOfRefused(
  session: Session,
  { checkpoint, sets }: { checkpoint: string; sets: string[] },
  { train, validation, refused }: SftExamples,
): Promise<void> {
  const kept = train + validation
  if (refused <= kept) return
  const page = { offset: 0, limit: SHOWN_REFUSALS }
  const { rows } = await session.call('sft.refused', { checkpoint, sets, ...page })
  const names = new Map((await session.call('demonstrations.list', {})).map(({ id, name }) => [id, name]))
  session.progress.note(
    [
      `Warning: ${refused.toLocaleString('en-US')} of ${counted(refused + kept, 'demonstration')} cannot be trained on with this model:`,
      ...rows.map(
        ({ set, number, reason }) =>
          `  ${names.get(set) ?? set}, row ${(number + 1).toLocaleString('en-US')}: ${reason}`,
      ),
      ...(refused > rows.length ? [`  … and ${(refused - rows.length).toLocaleString('en-US')} more`] : []),
    ].join('\n'),
  )
}
