// The command `ppo`: its options, and what it prints, on the real engine and a model made for a moment.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../../src-main/terminal/command.ts'
import { ppo } from '../../../src-main/terminal/commands/ppo.ts'
import { parseCommandLine } from '../../../src-main/terminal/program.ts'
import { Progress } from '../../../src-main/terminal/progress.ts'
import { Session } from '../../../src-main/terminal/session.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

/** Options of a command line, or what was wrong with it. */
function asked(...argv: string[]) {
  let told = ''
  const hear = (text: string) => {
    told += text
  }
  try {
    return { options: parseCommandLine(['ppo', ...argv], { out: hear, error: hear })?.options }
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return { refused: told || String(error) }
  }
}

describe('the options of ppo', () => {
  it('take any number of rules, with their arguments and weights', () => {
    const rules = ['truth', 'abstention@0.5', 'exact@-1', 'regex:e', 'regex:a@b@2', 'length:12@.25']
    const { options } = asked(...rules.flatMap(rule => ['--reward', rule]))
    expect(options).toEqual({
      rewardWeight: 1,
      reward: [
        { kind: 'truth', weight: 1 },
        { kind: 'abstention', weight: 0.5 },
        { kind: 'exact', weight: -1 },
        { kind: 'regex', pattern: 'e', most: 20, weight: 1 },
        { kind: 'regex', pattern: 'a@b', most: 20, weight: 2 },
        { kind: 'length', target: 12, weight: 0.25 },
      ],
    })
  })

  it('keep what a pattern says letter for letter', () => {
    for (const pattern of ['a:b', '^\\s+@', 'me@home', '"', 'x\ny', '@1@'])
      expect(asked('--reward', `regex:${pattern}`).options).toMatchObject({
        reward: [{ pattern, weight: 1 }],
      })
  })

  it.each([
    'truth:1',
    'regex',
    'regex:',
    'length',
    'length:x',
    'length:-3',
    'truthful',
    '',
    'truth@',
    'truth@1.2.3',
    '@1',
  ])('refuse %j as a rule, and say which there are', rule => {
    expect(asked('--reward', rule).refused).toMatch(/is none of truth, abstention, exact|is no number/)
  })

  it('take the reward model’s weight as a number', () => {
    expect(asked('--reward-weight', '-2.5').options).toEqual({ rewardWeight: -2.5 })
    for (const weight of ['much', '', 'NaN', 'Infinity'])
      expect(asked('--reward-weight', weight).refused).toContain('is no number')
  })

  it('of a new run do not go with one that goes on', () => {
    for (const more of [
      ['--checkpoint', 'c'],
      ['--reward', 'truth'],
      ['--reward-model', 'm'],
      ['--prompt', 'who?'],
      ['--starter-world', '3'],
      ['--seed', '2'],
    ])
      expect(asked('--resume', 'run-1', ...more).refused).toContain('cannot be used with')
    expect(asked('--resume', 'run-1', '--set', 'steps=9').options).toMatchObject({
      resume: 'run-1',
      set: ['steps=9'],
    })
  })
})

describe('ppo', () => {
  let lab: ChatLab
  const written: string[] = []
  beforeAll(async () => {
    lab = await openChatLab(1)
  }, 60_000)
  afterAll(() => lab.close())
  const open = () =>
    new Session({
      ...{ lab: lab.lab, engineHost: lab.engine, json: true },
      progress: new Progress({ write: text => written.push(text) }),
      stdout: { write: () => true },
    })
  const prompt = Array.from({ length: 20 }, (_, i) => `who ${i}?`)
  const set = [
    ...[
      'steps=2',
      'batchSize=4',
      'numMiniBatches=1',
      'responseLength=6',
      'evalInterval=1',
      'samplePrompts=[]',
    ],
    ...['validationShare=0.4', 'evalBatches=1', 'learningRate=0.01', 'valueWarmupUpdates=0'],
  ]
  const run = (options: Partial<Parameters<typeof ppo.run>[2]> = {}) =>
    ppo.run(open(), [], {
      ...{ checkpoint: lab.checkpoints[0]!, rewardWeight: 1, prompt, set },
      reward: [{ kind: 'regex', pattern: 'e', most: 20, weight: 1 }],
      ...options,
    })

  it('tells what the doctor says as it says it, and at the end', async () => {
    const { json, text } = await run({ set: ['steps=8', 'klCoef=0', 'learningRate=0.03', 'evalInterval=8'] })
    const { doctor } = json as { doctor: { step: number; text: string }[] }
    expect(doctor.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^Drifting freely: /))
    for (const { step, text: said } of doctor) {
      expect(written.join('')).toContain(`Doctor, update ${step}: ${said}`)
      expect(text).toContain(`update ${step}: ${said}`)
    }
  }, 60_000)

  it('trains by a rule alone and gives the keys that are promised, then goes on to a later end', async () => {
    const { json, text } = await run({ name: 'By rule' })
    expect(json).toMatchObject({
      status: 'finished',
      steps: 2,
      valLoss: null,
      valBitsPerByte: null,
      klCoef: 0.05,
    })
    const keys = json as Record<string, unknown>
    for (const key of ['run', 'checkpoint', 'path']) expect(keys[key], key).toEqual(expect.any(String))
    for (const key of ['minutes', 'tokensPerSecond', 'kl', 'reward'])
      expect(keys[key], key).toEqual(expect.any(Number))
    expect(keys.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(keys.parentCheckpoint).toBe(lab.checkpoints[0])
    const parent = (await lab.call('checkpoints.list', {})).find(({ id }) => id === lab.checkpoints[0])!
    expect(parent.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(keys.weightsSha256).not.toBe(parent.weightsSha256)
    expect((keys.evaluations as { step: number }[]).map(({ step }) => step)).toEqual([0, 1, 2])
    expect(text).toMatch(/^before +reward -?[\d.]+, KL 0\.00 nats, “I don’t know\.” 0(\.0)? %$/m)
    expect(text).toMatch(/^update 2 +reward /m)
    expect([keys.doctor, text]).toEqual([[], expect.stringMatching(/^doctor +nothing was wrong$/m)])
    expect(written.join('')).toMatch(
      /parameters on answers to \d+ prompts in 2 updates of 4 answers; \d+ prompts held out, 0 refused; \d+ MiB/,
    )

    const later = await ppo.run(open(), [], { resume: keys.run as string, rewardWeight: 1, set: ['steps=3'] })
    expect(later.json).toMatchObject({ run: keys.run, status: 'finished', steps: 3 })
    // The same recipe and seed once more.
    const again = await run({ name: 'Again' })
    expect(again.json).toMatchObject({ weightsSha256: keys.weightsSha256 })
    expect((later.json as typeof keys).weightsSha256).not.toBe(keys.weightsSha256)
  }, 60_000)

  it('reads prompts from a file, a line each', async () => {
    const file = join(lab.path, '..', 'prompts.txt')
    writeFileSync(file, prompt.join('\n'))
    const { json } = await ppo.run(open(), [], {
      ...{ checkpoint: lab.checkpoints[0]!, rewardWeight: 1, set: [...set, 'steps=1'], prompts: [file] },
      reward: [{ kind: 'length', target: 3, weight: 1 }],
    })
    expect(json).toMatchObject({ status: 'finished', steps: 1 })
  }, 60_000)

  it('says what is missing before anything is computed', async () => {
    await expect(
      ppo.run(open(), [], { checkpoint: lab.checkpoints[0]!, rewardWeight: 1, prompt, set }),
    ).rejects.toThrow('there is no reward model yet')
    await expect(run({ rewardModel: 'none', reward: [] })).rejects.toThrow('give --reward')
    await expect(run({ reward: [{ kind: 'truth', weight: 1 }] })).rejects.toThrow(
      'has nothing to compare with',
    )
    await expect(run({ set: [...set, 'gama=1'] })).rejects.toThrow('unknown key "gama"')
    await expect(run({ checkpoint: 'nothing' })).rejects.toThrow('nothing')
    await expect(
      ppo.run(open(), [], { checkpoint: lab.checkpoints[0]!, rewardWeight: 1, set }),
    ).rejects.toThrow('give one source of prompts')
  })
})
