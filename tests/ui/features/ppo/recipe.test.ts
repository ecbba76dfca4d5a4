import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { newPrompts } from '../../../../src-renderer/ui/components/prompts/prompt-draft.ts'
import {
  dataProblem,
  defaultPpoName,
  emptyPpoRecipe,
  parsePpoRecipe,
  ppoObstacle,
  ppoRequestOf,
  proposedPrompts,
  recipeLike,
} from '../../../../src-renderer/ui/features/ppo/train/recipe.ts'
import { adviceTaken } from '../../../../src-renderer/ui/features/ppo/train/recipe-store.ts'
import {
  newReward,
  orderedModels,
  proposedRewards,
  type RewardDraft,
  rewardProblem,
  rewardsProblem,
  rewardsText,
} from '../../../../src-renderer/ui/features/ppo/train/rewards.ts'
import { parsePpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import { ppoRequest } from '../../../../src-shared/contract/ppo-contract.ts'
import { runOf } from '../../run-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'

const tuned = checkpointOf('tuned', 90, { phase: 'sft' })
const scorer = checkpointOf('scorer', 30, { phase: 'reward', best: true })
const world = { demonstrations: [], world: 1, models: [scorer], lost: false }
const elsewhere = { demonstrations: [], world: null, models: [], lost: false }

describe('What is rewarded', () => {
  test('is the reward model where there is one, else the truth where it is known, else for the person to choose', () => {
    expect(proposedRewards(world).map(({ kind }) => kind)).toEqual(['reward-model'])
    expect(proposedRewards({ ...world, models: [] }).map(({ kind }) => kind)).toEqual(['truth'])
    expect(proposedRewards(elsewhere)).toEqual([])
    expect(rewardsProblem([], world)).toContain('Choose what answers are rewarded for')
  })

  test('stays the reward model when its run is removed, and says that it is gone', () => {
    const gone = { ...world, models: [], lost: true }
    const [proposed] = proposedRewards(gone)
    expect(proposed?.kind).toBe('reward-model')
    expect(rewardProblem(proposed!, gone)).toContain('restore it in Runs')
    expect(rewardProblem(newReward('reward-model'), { ...world, lost: true })).toBeNull()
  })

  test('offers the reward model of the same lineage first, and its best checkpoint before its newest', () => {
    const runs = [
      runOf('tuned', { phase: 'sft' }),
      runOf('scorer', { phase: 'reward', parentCheckpoint: tuned.id }),
      runOf('other', { phase: 'reward', parentCheckpoint: 'elsewhere-step-3' }),
    ]
    const newer = checkpointOf('scorer', 60, { phase: 'reward' })
    const other = checkpointOf('other', 99, { phase: 'reward', best: true })
    const order = (verdicts: Parameters<typeof orderedModels>[2]) =>
      orderedModels(tuned, [other, newer, scorer], verdicts, [tuned, other, newer, scorer], runs).map(
        ({ id }) => id,
      )
    expect(order(new Map())).toEqual([scorer.id, newer.id, other.id])
    expect(
      order(
        new Map([
          [scorer.id, 'red'],
          [other.id, 'green'],
        ]),
      ),
    ).toEqual([newer.id, scorer.id, other.id])
  })

  test.each([
    [{ ...newReward('regex'), pattern: '(a' }, 'no regular expression'],
    [{ ...newReward('regex'), pattern: '' }, 'is empty'],
    [{ ...newReward('regex'), most: 0 }, 'whole number from 1 to 1,000'],
    [{ ...newReward('length'), target: 2.5 }, 'wanted length must be a whole number'],
    [{ ...newReward('exact'), weight: '' }, 'a number is needed as weight'],
    [{ ...newReward('exact'), weight: -2000 }, 'from −1000 to 1,000'],
    [{ ...newReward('reward-model'), checkpoint: 'gone' }, 'is gone'],
  ] satisfies [RewardDraft, string][])('is refused with the reason: %o', (reward, reason) => {
    expect(rewardProblem(reward, world)).toContain(reason)
  })

  test('is not a truth that nobody knows', () => {
    expect(rewardProblem(newReward('truth'), elsewhere)).toContain('only the starter world knows')
    expect(rewardProblem(newReward('truth'), world)).toBeNull()
    expect(rewardProblem(newReward('reward-model'), elsewhere)).toContain('no reward model yet')
  })

  test('reads as a sum', () => {
    expect(
      rewardsText(
        [
          { kind: 'reward-model', checkpoint: 'x', weight: 1 },
          { kind: 'abstention', weight: -0.25 },
          { kind: 'regex', pattern: 'a+', most: 3, weight: 2 },
        ],
        'bard reward',
      ),
    ).toBe('bard reward + −0.25 · abstaining + 2.0 · /a+/, at most 3')
  })
})

describe('The recipe of phase 4', () => {
  test('asks the core for what the contract takes', () => {
    const prompts = proposedPrompts(world)
    const rewards = [...proposedRewards(world), newReward('length')]
    expect(dataProblem(prompts, rewards, world)).toBeNull()
    const request = ppoRequestOf({ config: { steps: 5 } }, tuned, prompts, rewards, world)
    expect(v.parse(v.object(ppoRequest), request)).toEqual(request)
    expect(request).toMatchObject({
      checkpoint: tuned.id,
      prompts: { from: 'starter-world', world: 1, constructed: false },
      rewards: [
        { kind: 'reward-model', checkpoint: scorer.id, weight: 1 },
        { kind: 'length', target: 12, weight: 1 },
      ],
    })
  })

  test('names the nearest obstacle', () => {
    const facts = { start: tuned, wanted: false, data: null, wrongField: null, problems: [] }
    expect(ppoObstacle(facts)).toBeNull()
    expect(ppoObstacle({ ...facts, start: undefined, data: 'x' })).toContain('train one in phase 2')
    expect(ppoObstacle({ ...facts, start: undefined, wanted: true })).toContain('gone')
    expect(ppoObstacle({ ...facts, data: dataProblem(newPrompts('text'), [], elsewhere) })).toContain(
      'a prompt a line',
    )
    expect(ppoObstacle({ ...facts, problems: null })).toContain('estimate')
  })

  test('comes back from the workspace’s settings as far as it still makes sense', () => {
    const recipe = {
      ...emptyPpoRecipe,
      name: 'mine',
      rewards: [newReward('regex')],
      prompts: { ...newPrompts('files'), files: [{ file: 'grant', name: 'x.txt' }] },
      config: { klCoef: 'a lot', gone: 1 },
    }
    expect(parsePpoRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual({
      ...recipe,
      prompts: { ...recipe.prompts, files: [] },
      config: { klCoef: 'a lot' },
    })
    for (const broken of [null, 3, {}, { ...recipe, rewards: [{ kind: 'wishes' }] }])
      expect(parsePpoRecipe(broken)).toBeNull()
  })

  test('becomes that of the run that the doctor advises on, with the one change and nothing lost', () => {
    const ppo = {
      prompts: {
        from: 'starter-world' as const,
        hash: 'a',
        validationHash: 'b',
        train: 307,
        validation: 64,
        refused: 3,
        world: 2,
      },
      rewards: [
        { kind: 'reward-model' as const, checkpoint: scorer.id, weight: 1 },
        { kind: 'regex' as const, pattern: 'a+', most: 3, weight: -0.5 },
      ],
      rewardModel: null,
      judge: 'oracle' as const,
    }
    const run = runOf('drifting', {
      phase: 'ppo',
      parentCheckpoint: tuned.id,
      config: { ...parsePpoConfig({ steps: 7, klCoef: 0 }) },
      data: { sources: [], ppo },
    })
    const advice = { field: 'klCoef', value: 0.1 } as const
    const like = recipeLike(run, advice, emptyPpoRecipe)
    expect(like.config).toEqual({ steps: 7, klCoef: 0.1 })
    const around = { ...world, world: 2 }
    expect(ppoRequestOf(like, tuned, like.prompts!, like.rewards!, around)).toEqual({
      checkpoint: tuned.id,
      prompts: { from: 'starter-world', world: 2, count: 310, constructed: false },
      rewards: ppo.rewards,
      config: { steps: 7, klCoef: 0.1 },
    })
    // What the settings gave back is the same recipe, whatever the order of its keys.
    const kept = parsePpoRecipe(JSON.parse(JSON.stringify({ name: 'mine', ...like })))!
    expect(adviceTaken(kept, run, advice)).toBe(true)
    expect(adviceTaken({ ...kept, rewards: [newReward('exact')] }, run, advice)).toBe(false)

    // Typed prompts cannot be had from a run: those on screen stay.
    const typed = {
      ...run,
      data: { sources: [], ppo: { ...ppo, prompts: { ...ppo.prompts, from: 'text' as const, world: null } } },
    }
    const prompts = { ...newPrompts('text'), text: 'Who?' }
    expect(recipeLike(typed, advice, { prompts }).prompts).toEqual(prompts)
    expect(recipeLike(typed, advice, emptyPpoRecipe).prompts).toMatchObject({ from: 'text', text: '' })
  })

  test('gives a run a name that no other has', () => {
    expect(defaultPpoName(tuned, [])).toBe(`${tuned.runName} RLHF`)
    expect(defaultPpoName(tuned, [{ name: `${tuned.runName} RLHF` }])).toBe(`${tuned.runName} RLHF 2`)
  })
})
