// A served engine as the core meets it: checkpoints that are kept, released while they write, and many texts at once.
import { MessageChannel } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { serveEngine } from '../../src-renderer/engine/engine.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import {
  engineHostMethods,
  engineHostTopics,
  engineMethods,
  engineTopics,
} from '../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import type { TopicPayload } from '../../src-shared/contract/method.ts'
import { createPeer } from '../../src-shared/contract/peer.ts'
import { portTransport } from '../../src-shared/contract/transports.ts'
import { nodePlatform } from './engine-platform.ts'
import { openSimd } from './kernel-sets.ts'
import { tinyModel, widen } from './tiny-models.ts'

const model = tinyModel({ nLayer: 1, nEmbd: 12, contextLength: 19 }, 41)
const sampling = { maxTokens: 12, temperature: 1, topK: 0, topP: 1, seed: 5 }
const noStop = Int32Array.of()
const tokens = Int32Array.of(1, 2, 3)

/** An engine over a channel, and a host whose checkpoints `checkpoint-1`, `-2` … all have other weights. */
async function served() {
  const { kernels, close } = await openSimd(1)
  const weights = new Transformer(model, kernels)
  await widen(weights, 0.4)
  const { port1, port2 } = new MessageChannel()
  const loads: string[] = []
  const heard: { topic: string; payload: unknown }[] = []
  const listeners = new Set<(topic: string, payload: unknown) => void>()
  const number = (checkpoint: string) => Number(checkpoint.split('-')[1])
  const refuse = () => {
    throw new Error('not asked for here')
  }
  serveEngine(portTransport(port2), nodePlatform)
  const peer = createPeer({
    transport: portTransport(port1),
    local: engineHostMethods,
    handlers: {
      'host.batch': refuse,
      'host.evalBatch': refuse,
      'host.preferenceBatch': refuse,
      'host.preferenceEvalBatch': refuse,
      'host.rolloutPrompts': refuse,
      'host.heldOutPrompts': refuse,
      'host.ruleRewards': refuse,
      'host.heldOutAnswers': refuse,
      'host.checkpointBegin': refuse,
      'host.checkpointWrite': refuse,
      'host.checkpointCommit': refuse,
      'host.checkpointAbort': refuse,
      'host.tensors'({ checkpoint }) {
        if (!(number(checkpoint) > 0))
          throw new LabError({ code: 'not-found', what: 'no such checkpoint', fix: 'list them' })
        loads.push(checkpoint)
        return weights.parameters.map(({ name, shape }) => ({ name, shape: [...shape] }))
      },
      async 'host.readTensor'({ checkpoint, name }) {
        return (await weights.readTensor(name)).map(x => x * (1 + number(checkpoint) / 10))
      },
    },
    remote: engineMethods,
    incoming: engineTopics,
    outgoing: engineHostTopics,
    onTopic: (topic, payload) => {
      heard.push({ topic, payload })
      for (const listener of listeners) listener(topic, payload)
    },
  })
  onTestFinished(() => {
    peer.close()
    close()
  })
  await peer.call('engine.open', { backend: 'wasm', threads: 1 })
  const write = (checkpoint: string, generation = `of-${checkpoint}`, changes = {}) =>
    peer.call('engine.generate', {
      generation,
      checkpoint,
      model,
      tokens,
      sampling: { ...sampling, ...changes },
      stopTokens: noStop,
    })
  /** Settles with the first token of a generation. */
  const begun = (generation: string) =>
    new Promise<void>(resolve =>
      listeners.add((topic, payload) => {
        if (topic === 'token' && (payload as { generation: string }).generation === generation) resolve()
      }),
    )
  return { peer, loads, heard, write, begun }
}

it('keeps every checkpoint that was asked for, until it is told to forget it', async () => {
  const { peer, loads, write } = await served()
  const texts = []
  for (const n of [1, 2, 3, 4]) texts.push(await write(`checkpoint-${n}`))
  expect(new Set(texts.map(text => text.tokens.join())).size).toBe(4)
  for (const n of [1, 2, 3, 4]) expect(await write(`checkpoint-${n}`)).toEqual(texts[n - 1])
  expect(loads).toEqual(['checkpoint-1', 'checkpoint-2', 'checkpoint-3', 'checkpoint-4'])
  await peer.call('engine.release', { checkpoint: 'checkpoint-2' })
  await peer.call('engine.load', { checkpoint: 'checkpoint-2', model })
  expect(loads).toHaveLength(5)
  expect(await write('checkpoint-2')).toEqual(texts[1])
  expect(loads).toHaveLength(5)
})

it('never takes a model away from a text that it is writing', async () => {
  const { peer, write, begun } = await served()
  const long = { maxTokens: 100_000 }
  const first = begun('first')
  const written = write('checkpoint-1', 'first', long)
  await first
  // Released, loaded anew beside the one still writing, and another one too.
  await peer.call('engine.release', {})
  const other = await write('checkpoint-1', 'second')
  await write('checkpoint-2', 'third')
  const inUse = await peer.call('engine.ping', {})
  await peer.call('engine.stopGeneration', { generation: 'first' })
  const { tokens: all, stopped } = await written
  expect(stopped).toBe('stopped')
  expect(all.length).toBeGreaterThan(12)
  expect(all.slice(0, 12)).toEqual(other.tokens)
  const after = await peer.call('engine.ping', {})
  expect(after.bytes).toBeLessThan(inUse.bytes)
  await peer.call('engine.release', {})
  expect((await peer.call('engine.ping', {})).tensors).toBeLessThan(after.tensors)
})

it('leaves nothing of a checkpoint that could not be loaded, and tries anew when asked again', async () => {
  const { peer, write } = await served()
  await write('checkpoint-1')
  await peer.call('engine.release', {})
  const before = await peer.call('engine.ping', {})
  for (let time = 0; time < 2; time++) await expect(write('missing-0')).rejects.toThrow('no such checkpoint')
  expect(await peer.call('engine.ping', {})).toEqual(before)
})

it('tells the likeliest tokens with every token, only where they were asked for', async () => {
  const { peer, heard, write } = await served()
  const { alternatives } = await write('checkpoint-1')
  expect(alternatives).toEqual([])
  const told = await peer.call('engine.generate', {
    generation: 'told',
    checkpoint: 'checkpoint-1',
    model,
    tokens,
    sampling,
    stopTokens: noStop,
    alternatives: 3,
  })
  const streamed = heard
    .filter(({ topic }) => topic === 'token')
    .map(({ payload }) => payload as TopicPayload<typeof engineTopics, 'token'>)
  expect(streamed.filter(token => token.alternatives).map(token => token.generation)).toEqual(
    Array(12).fill('told'),
  )
  expect(streamed.slice(-12).map(token => token.alternatives)).toEqual(told.alternatives)
  for (const { tokens, logProbs } of told.alternatives) {
    expect(tokens).toHaveLength(3)
    expect([...logProbs]).toEqual([...logProbs].sort((a, b) => b - a))
  }
})

it('writes many texts at once as it would each alone, and tells how many are done', async () => {
  const { peer, heard, write } = await served()
  const prompts = Array.from({ length: 21 }, (_, i) => ({ tokens, seed: i % 3 }))
  const batch = (generation: string, maxTokens: number) =>
    peer.call('engine.generateBatch', {
      generation,
      checkpoint: 'checkpoint-1',
      model,
      prompts,
      sampling: { ...sampling, maxTokens },
      stopTokens: noStop,
    })
  const { texts } = await batch('all', 12)
  const alone: Awaited<ReturnType<typeof write>>[] = []
  for (const seed of [0, 1, 2]) alone.push(await write('checkpoint-1', `alone-${seed}`, { seed }))
  for (const [i, { seed }] of prompts.entries()) {
    expect(texts[i]!.tokens).toEqual(alone[seed]!.tokens)
    // As many texts as are written at once decide the last bits.
    for (const [at, logProb] of alone[seed]!.logProbs.entries())
      expect(texts[i]!.logProbs[at]).toBeCloseTo(logProb, 4)
  }
  const progress = heard.filter(({ topic }) => topic === 'batchProgress').map(({ payload }) => payload)
  expect(progress).toEqual(prompts.map((_, i) => ({ generation: 'all', done: i + 1, total: 21 })))

  const endless = batch('endless', 100_000)
  await peer.call('engine.ping', {})
  await peer.call('engine.stopGeneration', { generation: 'endless' })
  expect((await endless).texts.every(({ stopped }) => stopped === 'stopped')).toBe(true)
})
