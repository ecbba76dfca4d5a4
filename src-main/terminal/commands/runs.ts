// runs list | show | diff
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { TerminalCommand } from '../command.ts'
import { findNamed } from '../find.ts'
import type { Session } from '../session.ts'
import { duration, fields, table } from '../text.ts'

export const runsList: TerminalCommand = {
  name: 'runs list',
  summary: 'every run, newest first',
  engine: () => 'none',
  declare: () => {},
  async run(session) {
    const runs = (await session.call('runs.list', {})).filter(({ removedAt }) => !removedAt)
    return {
      json: { runs },
      text: table(
        ['run', 'name', 'phase', 'status', 'step', 'steps', 'val loss', 'parameters', 'time'],
        runs.map(r => [
          r.id,
          r.name,
          r.phase,
          r.status,
          r.step,
          r.steps,
          r.latest.eval_loss?.toFixed(4),
          r.parameters,
          duration(r.seconds),
        ]),
        'No run yet. Start one with: andromeda pretrain, or andromeda demo',
      ),
    }
  },
}

export const runsShow: TerminalCommand = {
  name: 'runs show',
  summary: 'one run: recipe, figures, events, samples',
  engine: () => 'none',
  declare: command => void command.argument('<run>', 'id or name'),
  async run(session, [given]) {
    const run = await findRun(session, given!)
    const events = await session.call('runs.events', { run: run.id })
    const samples = await session.call('runs.samples', { run: run.id })
    const lastStep = samples.at(-1)?.step
    return {
      json: { ...run, events, samples },
      text: [
        fields([
          ['run', run.id],
          ['name', run.name],
          ['status', run.reason ? `${run.status}: ${run.reason}` : run.status],
          ['step', `${run.step} of ${run.steps}`],
          ['time', duration(run.seconds)],
          ['parameters', run.parameters],
          ...Object.entries(run.latest).map(([name, value]) => [name, value.toPrecision(5)] as const),
        ]),
        '',
        fields(Object.entries(recipe(run)).map(([key, value]) => [key, JSON.stringify(value)] as const)),
        '',
        table(
          ['at', 'step', 'event'],
          events.map(e => [e.at, e.step, e.text]),
          'no events',
        ),
        ...samples
          .filter(({ step }) => step === lastStep)
          .map(({ promptText, text }) => {
            const lines: [string, string][] =
              run.phase === 'pretrain'
                ? [['sample', promptText + text]]
                : [
                    ['asked', promptText],
                    ['answer', text],
                  ]
            return `\n${fields(lines)}`
          }),
      ].join('\n'),
    }
  },
}

export const runsDiff: TerminalCommand = {
  name: 'runs diff',
  summary: 'where the recipes of two runs differ',
  engine: () => 'none',
  declare: command => void command.argument('<a>', 'id or name').argument('<b>', 'id or name'),
  async run(session, [a, b]) {
    const first = await findRun(session, a!)
    const second = await findRun(session, b!)
    const differences = diff(recipe(first), recipe(second))
    return {
      json: { a: first.id, b: second.id, differences },
      text: table(
        ['field', first.id, second.id],
        differences.map(d => [d.field, JSON.stringify(d.a), JSON.stringify(d.b)]),
        'The recipes are the same.',
      ),
    }
  },
}

/** Everything that makes a run what it is, as dotted fields. */
const recipe = ({
  phase,
  parentCheckpoint,
  tokenizer,
  model,
  config,
  data,
}: RunSummary): Record<string, unknown> => ({
  phase,
  ...(parentCheckpoint === null ? {} : { parentCheckpoint }),
  tokenizer,
  ...Object.fromEntries(Object.entries(model).map(([key, value]) => [`model.${key}`, value])),
  ...Object.fromEntries(Object.entries(config).map(([key, value]) => [`config.${key}`, value])),
  ...Object.fromEntries(data.sources.map(({ corpus, weight }) => [`data.${corpus}`, weight])),
  ...Object.fromEntries(
    Object.entries(data.demonstrations ?? {}).map(([key, value]) => [`demonstrations.${key}`, value]),
  ),
})

/** Fields of two recipes that are not equal; a field that one lacks has no value there. */
export function diff(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
): { field: string; a: unknown; b: unknown }[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return names
    .filter(field => JSON.stringify(a[field]) !== JSON.stringify(b[field]))
    .map(field => ({ field, a: a[field], b: b[field] }))
}

const findRun = async (session: Session, given: string): Promise<RunSummary> =>
  findNamed(given, await session.call('runs.list', {}), 'run', 'runs list')
