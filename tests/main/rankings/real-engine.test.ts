// A bench on the real engine: answers of a model that was trained here for a moment, through the chat template.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PreferencePrompt } from '../../../src-shared/contract/preferences-contract.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

let bench: ChatLab
let call: ChatLab['call']
beforeAll(async () => {
  bench = await openChatLab(1)
  call = bench.call
})
afterAll(() => bench.close())

const questions = (count: number) => Array.from({ length: count }, (_, i) => `where is boat ${i}?`)
const request = (count: number, seed = 3) => ({
  checkpoint: bench.checkpoints[0]!,
  prompts: { from: 'text' as const, prompts: questions(count) },
  responses: 3,
  sampling: { maxTokens: 9, temperature: 1, topK: 0, topP: 1, seed },
})
async function sampled(count: number, seed?: number): Promise<string> {
  const { set, job } = await call('ranking.create', request(count, seed))
  await bench.lab.waitForJob(job)
  return set
}
async function responsesOf(set: string): Promise<PreferencePrompt['responses'][]> {
  const { rows } = await call('preferences.prompts', { set, offset: 0, limit: 1000 })
  return rows.map(({ responses }) => responses)
}

it('the answers of a prompt differ, those of another seed too, and the same set is the same again', async () => {
  const [one, same, other] = [await sampled(6), await sampled(6), await sampled(6, 4)]
  const answers = await responsesOf(one)
  expect(answers).toHaveLength(6)
  for (const responses of answers) {
    expect(responses.reduce((sum, { copies }) => sum + copies, 0)).toBe(3)
    expect(responses.length).toBeGreaterThan(1)
  }
  expect(await responsesOf(same)).toEqual(answers)
  expect(await responsesOf(other)).not.toEqual(answers)
})

it('a sampling that is cancelled and gone on with after a restart has the bits of one that was not', async () => {
  const whole = await responsesOf(await sampled(150))
  const { set, job } = await call('ranking.create', request(150))
  // Ranking begins with the first answers.
  for (let state = await call('ranking.state', { set, labeler: 'me' }); !state.card; ) {
    await new Promise(settle => setTimeout(settle, 5))
    state = await call('ranking.state', { set, labeler: 'me' })
  }
  await call('jobs.cancel', { job })
  await expect(bench.lab.waitForJob(job)).rejects.toThrow('cancelled')
  const { sampled: before } = await call('preferences.show', { set })
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(150)
  await bench.reopen()
  const { job: rest } = await call('ranking.sample', { set })
  expect(await bench.lab.waitForJob(rest)).toMatchObject({ prompts: 150 - before })
  expect(await responsesOf(set)).toEqual(whole)
})

it('a conversation is read whole: what was said before changes the answers', async () => {
  const answersAfter = async (before: string) => {
    const { set: demonstrations } = await call('demonstrations.create', { name: before })
    await call('demonstrations.add', {
      set: demonstrations,
      messages: [
        { role: 'user', content: before },
        { role: 'assistant', content: 'yes' },
        { role: 'user', content: 'why?' },
        { role: 'assistant', content: 'so' },
      ],
    })
    const { set, job } = await call('ranking.create', {
      ...request(1),
      prompts: { from: 'demonstrations', sets: [demonstrations], count: 1 },
      responses: 9,
    })
    await bench.lab.waitForJob(job)
    const { messages, responses } = await call('preferences.prompt', { set, number: 0 })
    expect(messages.map(({ content }) => content)).toEqual([before, 'yes', 'why?'])
    return responses
  }
  // The seeds are the same, so that only what was read can make a difference.
  expect(await answersAfter('a boat')).toEqual(await answersAfter('a boat'))
  expect(await answersAfter('a boat')).not.toEqual(await answersAfter('small crow'))
})

it('a vote in the chat is a preference at once, with how its answers ended, and those who show sets hear of it', async () => {
  const { conversation } = await call('chat.create', {
    columns: [0, 1].map(() => ({
      checkpoint: bench.checkpoints[0]!,
      mode: 'template' as const,
      sampling: { maxTokens: 5, temperature: 1, topK: 0, topP: 1 },
    })),
    linked: false,
  })
  const { turn } = await call('chat.send', { conversation, prompt: 'where is it?', parent: null, seed: 1 })
  await bench.settled(conversation)
  await call('chat.regenerate', { turn, column: 1, seed: 99 })
  const [answers] = (await bench.settled(conversation)).turns.map(({ answers }) => answers)
  const heard: unknown[] = []
  const stop = bench.lab.subscribe((topic, payload) => topic === 'changed' && heard.push(payload))
  await call('chat.vote', { turn, vote: { outcome: 1, blind: true } })
  stop()
  expect(heard).toContainEqual({ what: 'preferences' })
  const { rows } = await call('preferences.prompts', { set: 'chat', offset: 0, limit: 9 })
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    messages: [{ role: 'user', content: 'where is it?' }],
    responses: answers!.map(({ text, stopped }) => ({ text, stopped: stopped === 'end' })),
    rankings: [{ labeler: 'me', outcome: 'ranked', ranks: [2, 1] }],
  })
  await call('chat.vote', { turn, vote: null })
  expect(await call('preferences.show', { set: 'chat' })).toMatchObject({ prompts: 0 })
})
