// The command `sft`: what it says of rows that cannot be trained on, on the real engine and a base made for a moment.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sft } from '../../../src-main/terminal/commands/sft.ts'
import { findNamed } from '../../../src-main/terminal/find.ts'
import { Progress } from '../../../src-main/terminal/progress.ts'
import { Session } from '../../../src-main/terminal/session.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'
import { turn } from '../demonstrations/open-demonstrations.ts'

let lab: ChatLab
beforeAll(async () => {
  lab = await openChatLab(1)
}, 60_000)
afterAll(() => lab.close())

/** A set of short and of very long rows, and what `sft` writes to stderr about it. */
async function fineTuning(name: string, short: number, long: number) {
  const { set } = await lab.call('demonstrations.create', { name })
  for (let i = 0; i < long; i++)
    await lab.call('demonstrations.add', { set, messages: turn(`${i}?`, 'z'.repeat(60 + i)) })
  for (let i = 0; i < short; i++) await lab.call('demonstrations.add', { set, messages: turn(`${i}?`, 'me') })
  const written: string[] = []
  const progress = new Progress({ write: text => written.push(text) })
  const stdout = { write: () => true }
  const session = new Session({ lab: lab.lab, engineHost: lab.engine, json: true, progress, stdout })
  const fields = ['steps=1', 'batchSize=1', 'validationShare=0', 'samplePrompts=[]', 'warmupSteps=0']
  const ended = await sft
    .run(session, [], { checkpoint: lab.checkpoints[0]!, demonstrations: [set], set: fields })
    .then(({ json }) => json, String)
  return { stderr: written.join(''), ended }
}

it('warns when it leaves most of the rows out, and names the first with the reason', async () => {
  const { stderr, ended } = await fineTuning('Mostly long', 1, 7)
  expect(ended).toMatchObject({ status: 'finished', demonstrations: { train: 1, refused: 7 } })
  expect(stderr).toMatch(
    /^Warning: 7 of 8 demonstrations cannot be trained on with this model:\n {2}Mostly long, row 1: \d+ tokens do not fit/m,
  )
  expect(stderr.match(/Mostly long, row/g)).toHaveLength(5)
  expect(stderr).toContain('  … and 2 more\n')
  expect(stderr).toMatch(/on 1 demonstration in 1 step; 0 kept for validation, 7 refused/)
}, 60_000)

it('lists the reasons too when it can train on nothing', async () => {
  const { stderr, ended } = await fineTuning('Long', 0, 2)
  expect(ended).toMatch(/^LabError: all 2 demonstrations are refused\. Shorten them/i)
  expect(stderr).toContain('Long, row 2: ')
})

it('says nothing of a few', async () => {
  const { stderr } = await fineTuning('Mostly short', 3, 1)
  expect(stderr).not.toContain('Warning')
  expect(stderr).toContain('1 refused')
}, 60_000)

it('says that a name is not enough when several have it', () => {
  const all = ['a', 'b'].map(id => ({ id, name: 'dup' }))
  expect(() => findNamed('dup', all, 'set of demonstrations', 'demonstrations list')).toThrow(
    'more than one set of demonstrations is called "dup": expected an id: a, b',
  )
})
