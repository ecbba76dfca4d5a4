// What the lists of rankings say, what a new bench asks for, and what an import is judged by.
import { describe, expect, test } from 'vitest'
import { importProblem, STILL_READ } from '../../../../src-renderer/ui/components/import-files.tsx'
import { nameOfFiles } from '../../../../src-renderer/ui/components/import-store.ts'
import { promptCount, typedPrompts } from '../../../../src-renderer/ui/components/prompts/prompt-draft.ts'
import { saysTheSame } from '../../../../src-renderer/ui/features/reward/bench/bench-store.ts'
import {
  agreementLines,
  rankWord,
  saidBefore,
  shareDone,
  shareSentence,
  standing,
} from '../../../../src-renderer/ui/features/reward/bench/bench-words.ts'
import { agreementRows } from '../../../../src-renderer/ui/features/reward/preferences/agreement-panel.tsx'
import {
  endsOf,
  fileProblem,
  previewSentence,
} from '../../../../src-renderer/ui/features/reward/preferences/import-dialog.tsx'
import {
  answeringModels,
  benchProblem,
  draftLike,
  newDraft,
  requestOf,
  samplingMinutes,
  withLength,
} from '../../../../src-renderer/ui/features/reward/preferences/new-bench-draft.ts'
import {
  bestResponse,
  inListOrder,
  labelersText,
  nextStep,
  promptStanding,
  standingOf,
} from '../../../../src-renderer/ui/features/reward/preferences/set-words.ts'
import {
  noiseSentence,
  policyObstacle,
} from '../../../../src-renderer/ui/features/reward/preferences/simulate-dialog.tsx'
import { cancelSentence, jobOutcome } from '../../../../src-renderer/ui/frame/job-outcome.ts'
import { benchSizes } from '../../../../src-shared/bench/sizes.ts'
import { countParameters } from '../../../../src-shared/config/model-config.ts'
import { checkpointOf, setOf } from '../../sft-shapes.ts'
import { cardOf, preferenceSetOf, rankingOf, responsesOf } from './preference-shapes.ts'

describe('a set', () => {
  test('says how far it is and what comes next', () => {
    const at = (some: Parameters<typeof preferenceSetOf>[1]) => {
      const set = preferenceSetOf('s', some)
      return [standingOf(set), nextStep(set)]
    }
    expect(at({ ranked: 3, skipped: 1 })).toEqual(['4 of 10 judged', 'rank'])
    expect(at({ sampled: 4, ranked: 3, allBad: 1 })).toEqual(['4 of 10 sampled, 4 judged', 'sample'])
    expect(at({ sampled: 4, ranked: 1 })).toEqual(['4 of 10 sampled, 1 judged', 'rank'])
    expect(at({ ranked: 10 })).toEqual(['all judged', null])
    expect(at({ kind: 'chat', prompts: 0, sampled: 0 })).toEqual(['no votes yet', null])
  })

  test('names its labelers, and calls the simulated ones simulated', () => {
    const labelers = [
      { labeler: 'ada', rankings: 40, simulation: null },
      { labeler: 'robot', rankings: 9, simulation: { policy: 'longer-wins', noise: 0.1, seed: 1 } },
    ] as const
    expect(labelersText({ labelers: [...labelers] })).toBe('ada 40, robot (simulated, 10% noise) 9')
  })

  test('stands before the chat’s votes, the newest first, removed ones nowhere', () => {
    const sets = [
      preferenceSetOf('old'),
      preferenceSetOf('gone', { removedAt: '2026-03-02T10:00:00Z' }),
      preferenceSetOf('new', { createdAt: '2026-03-03T10:00:00Z' }),
      preferenceSetOf('chat', { kind: 'chat', createdAt: '' }),
    ]
    expect(inListOrder(sets).map(set => set.id)).toEqual(['new', 'old', 'chat'])
  })
})

describe('a prompt', () => {
  test('shows the answer that the latest ranking puts first, whoever ranked', () => {
    const rankings = [
      rankingOf('me', [1, 2], { createdAt: '2026-03-02T10:00:00Z' }),
      rankingOf('ada', [2, 1], { createdAt: '2026-03-03T10:00:00Z' }),
    ]
    expect(bestResponse({ responses: responsesOf('a', 'b'), rankings })).toBe('b')
    expect(bestResponse({ responses: responsesOf('a', 'b'), rankings: [] })).toBeUndefined()
    const skipped = rankingOf('me', [null, null], { outcome: 'skipped', createdAt: '2026-03-04T10:00:00Z' })
    expect(
      bestResponse({ responses: responsesOf('a', 'b'), rankings: [...rankings, skipped] }),
    ).toBeUndefined()
    expect(promptStanding({ responses: responsesOf('a', 'b'), rankings: [...rankings, skipped] })).toBe(
      'skipped by me; ranked by ada',
    )
    expect(promptStanding({ responses: [], rankings: [] })).toBe('not sampled yet')
    expect(promptStanding({ responses: responsesOf('a'), rankings: [] })).toBe('all answers alike')
  })
})

describe('a new bench', () => {
  const checkpoint = checkpointOf('tuned', 900, { phase: 'sft' })
  const around = {
    checkpoint,
    demonstrations: [setOf('trees', { rows: 40 }), setOf('empty', { rows: 0 })],
    world: null,
  }

  test('is proposed for a model that learnt to answer, and never for a scoring function', () => {
    const groups = answeringModels([
      checkpointOf('base', 10),
      checkpoint,
      checkpointOf('scores', 5, { phase: 'reward' }),
      checkpointOf('broken', 5, { phase: 'sft', status: 'damaged' }),
    ])
    expect(groups.map(({ items }) => items.map(item => item.value))).toEqual([
      [checkpoint.id],
      ['base-step-10'],
    ])
  })

  test('takes a prompt a line, and says what is missing', () => {
    const draft = newDraft('text')
    expect(benchProblem(draft, around)).toContain('a prompt a line')
    const typed = { ...draft, text: ' Who hides?\r\n\n  \nWho sings? \nWho sings?' }
    expect(typedPrompts(typed.text)).toEqual(['Who hides?', 'Who sings?', 'Who sings?'])
    expect(promptCount(typed, [])).toBe(2)
    expect(benchProblem(typed, around)).toBeNull()
    expect(benchProblem(typed, { ...around, checkpoint: undefined })).toContain('Choose a model')
    expect(benchProblem({ ...typed, sampling: { ...typed.sampling, seed: 'x' } }, around)).toContain('Seed')
    expect(benchProblem({ ...typed, text: `short\n${'x'.repeat(20_001)}` }, around)).toContain(
      'Prompt 2 is longer',
    )
    expect(benchProblem(newDraft('files'), around)).toContain('Add a file')
    expect(benchProblem(newDraft('starter-world'), around)).toContain('not made from the starter world')
    expect(benchProblem({ ...newDraft('demonstrations'), sets: [] }, around)).toContain('Choose a set')
    expect(benchProblem({ ...newDraft('demonstrations'), count: 1.5 }, around)).toContain('whole number')
  })

  test('asks the core for what stands in its fields', () => {
    const draft = withLength({ ...newDraft('demonstrations'), count: 7, name: ' trees ' }, 64)
    expect(requestOf(draft, around)).toEqual({
      name: 'trees',
      checkpoint: checkpoint.id,
      prompts: { from: 'demonstrations', sets: ['trees'], count: 7 },
      responses: 4,
      sampling: { temperature: 1, topP: 1, topK: 0, maxTokens: 32, seed: 1 },
    })
    expect(promptCount({ ...draft, count: 900 }, around.demonstrations)).toBe(40)
  })

  test('leaves half of the context to the prompt, until a length was chosen', () => {
    const draft = newDraft('text')
    expect(withLength(draft, 1024).sampling.maxTokens).toBe(96)
    expect(withLength({ ...draft, lengthChosen: true }, 8).sampling.maxTokens).toBe(64)
  })

  test('like one before samples with its settings and another seed', () => {
    const sampling = { maxTokens: 12, temperature: 0.7, topK: 5, topP: 0.9, seed: 3 }
    const like = {
      checkpoint: 'c',
      checkpointName: 'c',
      responses: 6,
      sampling,
      repeatShare: 0.1,
      world: null,
    }
    expect(draftLike(like, 'text')).toMatchObject({
      checkpoint: 'c',
      responses: 6,
      sampling: { ...sampling, seed: 4 },
      lengthChosen: true,
    })
  })

  test('is timed by what the device measured on the nearest size, and not guessed where nothing was', () => {
    const parameters = countParameters(benchSizes.small.model).total
    const measured = (size: string, tokensPerSecond: number, some: object = {}) =>
      ({ size, mode: 'generate', kernels: 'simd', tokensPerSecond, ...some }) as never
    const report = {
      results: [
        measured('small', 1000),
        measured('small', 10, { kernels: 'stock' }),
        measured('small', 9000, { mode: 'train' }),
        measured('large', 5),
      ],
    }
    const cost = { answers: 600, maxTokens: 100, parameters, report }
    expect(samplingMinutes(cost)).toBeCloseTo(1)
    expect(samplingMinutes({ ...cost, parameters: 2 * parameters })).toBeCloseTo(2)
    expect(samplingMinutes({ ...cost, report: undefined })).toBeNull()
    expect(samplingMinutes({ ...cost, report: { results: [] } })).toBeNull()
  })
})

describe('a simulated labeler', () => {
  test('judges truth only where it is known, and says what its noise leaves', () => {
    const bench = { checkpoint: 'c', checkpointName: 'c', responses: 4, repeatShare: 0.1 }
    const sampling = { maxTokens: 12, temperature: 1, topK: 0, topP: 1, seed: 1 }
    expect(policyObstacle('truth-then-style', { bench: { ...bench, sampling, world: 3 } })).toBeNull()
    expect(policyObstacle('truth-then-style', { bench: { ...bench, sampling, world: null } })).toContain(
      'starter world',
    )
    expect(policyObstacle('truth-then-style', { bench: null })).toContain('starter world')
    expect(policyObstacle('longer-wins', { bench: null })).toBeNull()
    expect(noiseSentence(0.1)).toContain('90%')
    expect(noiseSentence(0)).toContain('100%')
    expect(noiseSentence(0.5)).toContain('50%')
  })
})

describe('agreement', () => {
  const share = { share: 0.833, low: 0.61, high: 0.94, n: 24 }

  test('is said with its interval and what it was measured on', () => {
    expect(shareSentence(share)).toBe('83% (61–94%) of 24 pairs')
  })

  test('on the bench is one’s own, and with those who ranked the same; before it is measured that is said', () => {
    const between = [
      { a: 'ada', b: 'me', agreement: share },
      { a: 'ada', b: 'bob', agreement: share },
      { a: 'me', b: 'eve', agreement: { ...share, n: 0 } },
    ]
    const lines = agreementLines({ self: [{ labeler: 'ada', agreement: share }], between }, 'me')
    expect(lines.map(line => [line.label, line.agreement?.n ?? null])).toEqual([
      ['with yourself', null],
      ['with ada', 24],
    ])
    expect(lines[0]!.sentence).toContain('come back silently')
  })

  test('of a set lists everyone with a pair', () => {
    const none = { share: 0, low: 0, high: 1, n: 0 }
    expect(
      agreementRows({
        self: [{ labeler: 'me', agreement: none }],
        between: [{ a: 'a', b: 'b', agreement: share }],
      }),
    ).toEqual([{ who: 'a with b', agreement: share }])
  })

  test('stands beside how far one is and how long it takes still', () => {
    const at = { done: 12, total: 110, secondsPerCard: 6, sampling: null }
    expect(standing(at, undefined)).toBe('12 of 110 · about 10 min left')
    expect(standing({ ...at, done: 0, secondsPerCard: null }, undefined)).toBe('0 of 110')
    expect(standing({ ...at, done: 110 }, undefined)).toBe('110 of 110')
    expect(shareDone({ ...at, done: 55 }, undefined)).toBe(50)
  })

  test('counts prompts that are not sampled yet, with their share of repeats', () => {
    const bench = { checkpoint: 'c', checkpointName: 'c', responses: 4, repeatShare: 0.1, world: null }
    const sampling = { maxTokens: 12, temperature: 1, topK: 0, topP: 1, seed: 1 }
    const set = { prompts: 40, bench: { ...bench, sampling } }
    const at = { done: 0, total: 22, secondsPerCard: null, sampling: { job: 'j' } }
    expect(standing(at, set)).toBe('0 of about 44 · still sampling')
    expect(shareDone({ ...at, done: 11 }, set)).toBe(25)
    expect(shareDone({ ...at, total: 0 }, { ...set, prompts: 0 })).toBe(0)
    // Stopped before its end: what is there is all that there is.
    expect(standing({ ...at, sampling: null }, set)).toBe('0 of 22')
  })

  test('ranks are said as people say them', () => {
    expect([1, 2, 3, 4, 9].map(rankWord)).toEqual(['1st', '2nd', '3rd', '4th', '9th'])
  })
})

describe('an import of comparisons', () => {
  test('says what of the file is shown', () => {
    expect(previewSentence(20, 10)).toBe(
      'Shown: the first 20 rows that can be used and the first 10 that cannot, of the 500 at the file’s beginning.',
    )
    expect(previewSentence(1, 0)).toContain('the first 1 row that can be used, of the 500')
  })

  test('shows the winner beside the last loser, and how many stand between', () => {
    const row = { line: 1, messages: [], responses: [] }
    const answer = (text: string, rank: number | null) => ({ text, rank })
    expect(endsOf({ ...row, responses: [answer('bad', 2), answer('good', 1)] })).toEqual({
      best: 'good',
      rest: 'bad',
    })
    expect(endsOf({ ...row, responses: [answer('c', 3), answer('a', 1), answer('b', 2)] })).toEqual({
      best: 'a',
      rest: '[and 1 answer between]\nc',
    })
    expect(endsOf({ ...row, responses: [answer('left out', null), answer('a', 1)] }).rest).toBe('left out')
  })

  test('waits while files are read, and says of each what is wrong with it', () => {
    const good = { format: 'trl', problem: null }
    const files = [
      { file: '1', name: 'a.jsonl' },
      { file: '2', name: 'b.jsonl' },
    ]
    expect(fileProblem(good, null)).toBeNull()
    expect(fileProblem(undefined, null)).toBe(STILL_READ)
    expect(fileProblem({ format: null, problem: null }, null)).toContain('no comparisons')
    expect(importProblem(null, files, [STILL_READ, 'the file is empty'])).toBe(
      'b.jsonl: the file is empty. Correct it, or leave the file out',
    )
    expect(importProblem('a.jsonl', files, [null, null])).toContain('still being read')
    expect(importProblem(null, files, [null, null])).toBeNull()
  })

  test('names the set by its file, without what it is packed in', () => {
    expect(nameOfFiles([{ path: 'harmless-base.jsonl.gz' }])).toBe('harmless-base')
  })

  test('ends with what came in, what did not, and what is judged both ways', () => {
    const result = {
      set: 's',
      read: 9,
      accepted: 6,
      rejected: 2,
      duplicates: 1,
      contradictions: 3,
      rejections: [],
    }
    expect(jobOutcome({ title: 'Import', result })).toEqual([
      'warning',
      'Imported 6 of 9 rows: 2 rejected, 1 duplicate left out. 3 pairs are judged both ways round.',
    ])
  })
})

describe('sampling', () => {
  test('ends with how many prompts have answers, and where there is nothing to rank', () => {
    const result = { set: 's', prompts: 100, alike: 3 }
    expect(jobOutcome({ title: 'Sampling', result })[1]).toBe(
      'Sampling: answers to 100 prompts; to 3 of them all are the same: nothing to rank there',
    )
    expect(jobOutcome({ title: 'Sampling', result: { ...result, alike: 0 } })[1]).toBe(
      'Sampling: answers to 100 prompts',
    )
    expect(jobOutcome({ title: 'Labels', result: { rankings: 8 } })[1]).toBe('Labels: 8 simulated rankings')
  })

  test('that is cancelled keeps what is there', () => {
    expect(cancelSentence({ kind: 'ranking-sample', title: 'Sampling' })).toContain('is kept')
    expect(cancelSentence({ kind: 'import', title: 'Import' })).toContain('Nothing of it was kept')
  })
})

describe('a label to be mended', () => {
  const card = cardOf(['a fox', 'a hare', 'an owl'], {
    ranking: { outcome: 'ranked', ranks: [2, 1, 3] },
  })
  test('is not changed by saying what it says already', () => {
    expect(saysTheSame(card, 'ranked', [2, 1, 3])).toBe(true)
    expect(saysTheSame(card, 'ranked', [2, 1, 2])).toBe(false)
    expect(saysTheSame(card, 'skipped', [null, null, null])).toBe(false)
    expect(saysTheSame({ ranking: null }, 'ranked', [1, 2, 3])).toBe(false)
    expect(
      saysTheSame({ ranking: { outcome: 'all-bad', ranks: [null, null] } }, 'all-bad', [null, null]),
    ).toBe(true)
  })
  test('of pairs that make no order says so', () => {
    expect(saidBefore({ outcome: 'ranked', ranks: [null, null, null] })).toContain('make no one order')
    expect(saidBefore(card.ranking)).toBeNull()
  })
})
