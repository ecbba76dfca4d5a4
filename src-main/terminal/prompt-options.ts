// Where prompts come from, for the commands that ask a model many of them.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { PromptSource } from '../../src-shared/contract/preferences-contract.ts'
import { textFault } from '../core/demonstrations/conversation.ts'
import { between, collect, count, UsageError } from './command.ts'
import { findSet } from './commands/demonstrations.ts'
import type { Session } from './session.ts'

export interface PromptOptions {
  prompts?: string[]
  prompt?: string[]
  demonstrations?: string[]
  starterWorld?: number
  count?: number
}

/** That a source is asked for. */
const MOST_PROMPTS = 100_000

const SOURCES =
  'one source of prompts: --prompts FILE…, --prompt TEXT, --demonstrations SET --count N or --starter-world SEED --count N'

export const addPromptOptions = (command: Command): Command =>
  command
    .option('--prompts <files...>', 'a prompt a line, or JSON lines with "prompt"')
    .option('--prompt <text>', 'one prompt; may be given several times', collect)
    .option('--demonstrations <sets...>', 'last questions of these sets, in an order drawn from the seed')
    .option('--starter-world <seed>', 'prompts of the starter world of this seed', count)
    .option(
      '--count <n>',
      'how many prompts of demonstrations or the starter world',
      between(1, MOST_PROMPTS),
    )

/** @throws UsageError unless exactly one source is given, with what it needs */
export async function promptSourceOf(
  session: Session,
  { prompts, prompt, demonstrations, starterWorld, count }: PromptOptions,
): Promise<PromptSource> {
  const given = [prompts, prompt, demonstrations, starterWorld].filter(source => source !== undefined)
  if (given.length !== 1) throw new UsageError(`give ${SOURCES}`)
  if (demonstrations === undefined && starterWorld === undefined) {
    if (count !== undefined) throw new UsageError('--count is for --demonstrations and --starter-world')
    if (prompt) return { from: 'text', prompts: prompt.map(asked) }
    return { from: 'files', files: prompts!.map(file => session.lab.grantPath(resolve(file))) }
  }
  if (count === undefined) throw new UsageError('how many prompts? Give --count')
  if (starterWorld !== undefined)
    return { from: 'starter-world', world: starterWorld, count, constructed: false }
  const sets = []
  for (const name of demonstrations!) sets.push((await findSet(session, name)).id)
  return { from: 'demonstrations', sets, count }
}

function asked(prompt: string, index: number, { length }: readonly string[]): string {
  const fault = textFault(prompt)
  if (fault !== null)
    throw new UsageError(
      `--prompt${length > 1 ? ` ${index + 1}` : ''} ${fault}: give a text that can be answered`,
    )
  return prompt
}
