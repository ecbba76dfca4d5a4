// demo: the starter world through the phases, with what each brought as numbers.
import { InvalidArgumentError, Option } from 'commander'
import { MOST_SEED } from '../../../src-shared/config/train-config.ts'
import {
  type BuildPhase,
  type BuildSize,
  type BuildStatus,
  buildPhase,
  buildSize,
} from '../../../src-shared/contract/build-contract.ts'
import { LabError, toFacts } from '../../../src-shared/contract/errors.ts'
import type { DemoResult } from '../../core/demo/demo-result.ts'
import { between, type Output, type TerminalCommand, UsageError } from '../command.ts'
import { demoText } from '../demo-text.ts'
import { findNamed } from '../find.ts'
import type { Session } from '../session.ts'
import { table } from '../text.ts'

interface Options {
  phases?: BuildPhase[]
  seed?: number
  size?: BuildSize
  resume?: string | true
  list?: boolean
}

const phaseList = (text: string): BuildPhase[] => {
  const names = text.split(',').map(name => name.trim())
  const wrong = names.find(name => !buildPhase.options.some(phase => phase === name))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not one of ${buildPhase.options.join(', ')}.`)
  return names as BuildPhase[]
}

export const demo: TerminalCommand<Options> = {
  name: 'demo',
  summary: 'build a small ChatGPT of an invented world through all phases, in minutes',
  engine: ({ list }) => (list ? 'none' : 'node'),
  declare: command =>
    void command
      .option(
        '--phases <list>',
        `comma-separated, from the first on: ${buildPhase.options.join(', ')}; by default all. What ran is always evaluated`,
        phaseList,
      )
      .option('--seed <seed>', 'of the world and the training; by default 1', between(0, MOST_SEED))
      .addOption(
        new Option(
          '--size <size>',
          'smallest goes through every step in a minute or two and learns next to nothing',
        ).choices(buildSize.options),
      )
      .option('--resume [build]', 'go on with one that was cut off, by default the newest')
      .option('--list', 'only list the builds there are'),
  async run(session, _, options) {
    if (options.list) return listed(session, options)
    const { build, job } = await begin(session, options)
    let step = ''
    const unsubscribe = session.lab.subscribe((topic, payload) => {
      if (topic !== 'build') return
      const active = (payload as BuildStatus).phases
        .flatMap(({ steps }) => steps)
        .find(({ state }) => state === 'active')
      if (!active || active.step === step) return
      step = active.step
      session.progress.note(active.title)
    })
    try {
      const result = await session.until(session.lab.waitForJob<DemoResult>(job), () => {
        session.progress.note(
          `Stopping where it can go on: andromeda demo --resume ${build}. Ctrl+C again quits at once.`,
        )
        return session.call('build.cancel', {})
      })
      return { json: result, text: demoText(result) }
    } catch (error) {
      const facts = toFacts(error)
      if (facts.code !== 'cancelled') throw error
      throw new LabError(
        { ...facts, fix: `go on with it: andromeda demo --resume ${build}` },
        { cause: error },
      )
    } finally {
      unsubscribe()
    }
  },
}

async function listed(session: Session, { phases, seed, size, resume }: Options): Promise<Output> {
  if ([phases, seed, size, resume].some(given => given !== undefined))
    throw new UsageError('--list begins nothing: it takes no other option of demo')
  const builds = await session.call('build.list', {})
  return {
    json: { builds },
    text: table(
      ['build', 'seed', 'size', 'phases', 'begun', 'state', 'report'],
      builds.map(({ build, seed, size, phases, createdAt, state, report }) => [
        build,
        String(seed),
        size,
        phases.join(','),
        createdAt.slice(0, 16).replace('T', ' '),
        state,
        report,
      ]),
      'Nothing was built yet. Start with: andromeda demo',
    ),
  }
}

async function begin(session: Session, { phases, seed, size, resume }: Options) {
  if (resume === undefined) return session.call('build.start', { seed: seed ?? 1, size, phases })
  if ([phases, seed, size].some(given => given !== undefined))
    throw new UsageError('--resume goes on as it was begun: it takes no --phases, --seed or --size')
  if (resume === true) return session.call('build.resume', {})
  const builds = (await session.call('build.list', {})).map(({ build }) => ({ id: build, name: build }))
  return session.call('build.resume', { build: findNamed(resume, builds, 'build', 'demo --list').id })
}
