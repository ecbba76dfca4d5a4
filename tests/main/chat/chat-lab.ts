// A lab with the real engine and small base models that it has trained itself, for a moment each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '../../../src-main/core/lab.ts'
import type { ChatColumn, Conversation, chatTopics } from '../../../src-shared/contract/chat-contract.ts'
import { type LabMethods, labMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { InputOf, OutputOf, TopicPayload } from '../../../src-shared/contract/method.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import { EngineHere } from './engine-here.ts'

export type ChatPush = TopicPayload<typeof chatTopics, 'chat'>

export interface ChatLab {
  readonly path: string
  readonly engine: EngineHere
  /** The lab that is open now. */
  readonly lab: Lab
  /** Of base models with other weights each. */
  readonly checkpoints: readonly string[]
  /** What was told on the topic `chat`. */
  readonly pushes: ChatPush[]
  /** As a window calls it. */
  call<K extends keyof LabMethods & string>(
    name: K,
    input: InputOf<LabMethods[K]>,
  ): Promise<OutputOf<LabMethods[K]>>
  /** Settles with the conversation when its shown answers have ended. */
  settled(conversation: string): Promise<Conversation>
  /** Settles when a push comes for which `is` holds; those of before count too. */
  heard(is: (push: ChatPush) => boolean): Promise<ChatPush>
  /** Closes the lab and opens the workspace anew. */
  reopen(): Promise<void>
  close(): Promise<void>
}

const CONTEXT = 48

/** @param models how many base models   @param world seed of the starter world that they read; absent = another text */
export async function openChatLab(models: number, world?: number): Promise<ChatLab> {
  const folder = mkdtempSync(join(tmpdir(), 'andromeda-chat-'))
  const path = join(folder, 'workspace')
  const engineHost = new EngineHere()
  const open = () => openLab({ path, host: 'terminal', engineHost, backend: 'wasm', threads: 1 })
  let lab = await open()
  const pushes: ChatPush[] = []
  const listeners = new Set<() => void>()
  const listen = () =>
    lab.subscribe((topic, payload) => {
      if (topic !== 'chat') return
      pushes.push(payload as ChatPush)
      for (const listener of listeners) listener()
    })
  listen()
  const call: ChatLab['call'] = async (name, input) => {
    const handler = lab.handlers[name] as (input: unknown) => unknown
    return checked(
      labMethods[name].output,
      await handler(checked(labMethods[name].input, input, name)),
      name,
    ) as never
  }
  const heard: ChatLab['heard'] = is =>
    new Promise(resolve => {
      const look = () => {
        const found = pushes.find(is)
        if (!found) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      look()
    })
  const checkpoints = await trained(models)

  async function talk() {
    const file = join(folder, 'talk.txt')
    const lines = ['where is the boat? on the beach.', 'who are you? a small crow – truly.', 'a ✓ and a ½ 🐸']
    writeFileSync(file, Array.from({ length: 300 }, (_, i) => lines[(i * 7) % 3]).join('\n'))
    const { job } = await call('corpora.import', { name: 'Talk', files: [lab.grantPath(file)] })
    const { corpus } = await lab.waitForJob<{ corpus: string }>(job)
    return [{ corpus, weight: 1 }]
  }

  async function starterWorld(seed: number) {
    const { job } = await call('starterWorld.create', { seed, documents: 300 })
    const { corpora } = await lab.waitForJob<{ corpora: { corpus: string; source: string }[] }>(job)
    // The largest is enough.
    return corpora
      .filter(({ source }) => source === 'encyclopedia')
      .map(({ corpus }) => ({ corpus, weight: 1 }))
  }

  async function trained(count: number): Promise<string[]> {
    const sources = world === undefined ? await talk() : await starterWorld(world)
    const corpora = sources.map(({ corpus }) => corpus)
    const training = await call('tokenizers.train', { kind: 'bpe', vocabularySize: 300, corpora })
    const tokenizer = await lab.waitForJob<{ id: string }>(training.job)
    const made: string[] = []
    for (let seed = 1; seed <= count; seed++) {
      const { run } = await call('pretrain.start', {
        name: `Base ${seed}`,
        tokenizer: tokenizer.id,
        sources,
        model: { nLayer: 1, nHead: 2, nEmbd: 16, contextLength: CONTEXT },
        config: { steps: 4, batchSize: 2, evalBatches: 1, sampleTokens: 2, warmupSteps: 1, seed },
      })
      const { status, reason } = await lab.waitForRun(run)
      if (status !== 'finished') throw new Error(`the base model's run is ${status}: ${reason}`)
      made.push((await call('checkpoints.list', { run }))[0]!.id)
    }
    return made
  }

  return {
    path,
    engine: engineHost,
    get lab() {
      return lab
    },
    checkpoints,
    pushes,
    call,
    async settled(conversation) {
      for (;;) {
        const shown = await call('chat.show', { conversation })
        const open = shown.turns
          .flatMap(turn => turn.answers)
          .find(({ state }) => state !== 'done' && state !== 'failed')
        if (!open) return shown
        await heard(push => push.answer === open.id && (push.state === 'done' || push.state === 'failed'))
      }
    },
    heard,
    async reopen() {
      await lab.close()
      lab = await open()
      listen()
    },
    async close() {
      await lab.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A column that writes for as long as it is let. */
export const column = (
  checkpoint: string,
  changes: Partial<ChatColumn> & { maxTokens?: number; temperature?: number } = {},
): ChatColumn => {
  const { maxTokens = 12, temperature = 1, ...others } = changes
  return { checkpoint, mode: 'raw', sampling: { maxTokens, temperature, topK: 0, topP: 1 }, ...others }
}
