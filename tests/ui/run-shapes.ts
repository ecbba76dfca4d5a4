// Rows as the core lists them, for screens and lists under test.
import { parseModelShape, resolveModel } from '../../src-shared/config/model-config.ts'
import { parsePretrainConfig } from '../../src-shared/config/pretrain-config.ts'
import type { CorpusSummary, RunSummary } from '../../src-shared/contract/lab-contract.ts'

export const runOf = (id: string, some: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: id,
  phase: 'pretrain',
  status: 'finished',
  reason: null,
  asked: null,
  createdAt: '2026-03-01T10:00:00Z',
  updatedAt: '2026-03-01T10:10:00Z',
  removedAt: null,
  parentCheckpoint: null,
  tokenizer: 'tokenizer-1',
  model: resolveModel(parseModelShape({}), 576),
  config: { ...parsePretrainConfig({}) },
  data: { sources: [] },
  parameters: 1000,
  step: 2000,
  steps: 2000,
  tokens: 2_048_000,
  seconds: 300,
  tokensPerSecond: null,
  etaSeconds: null,
  bestEvalLoss: null,
  latest: {},
  fingerprint: null,
  tags: [],
  notes: '',
  ...some,
})

export const corpusOf = (id: string, some: Partial<CorpusSummary> = {}): CorpusSummary => ({
  id,
  name: id,
  kind: 'imported',
  createdAt: '2026-03-01T10:00:00Z',
  removedAt: null,
  hash: id,
  documents: 1,
  validationDocuments: 0,
  bytes: 1_000_000,
  validationBytes: 100_000,
  duplicates: 0,
  rejected: 0,
  split: 'tail',
  notes: [],
  files: [],
  ...some,
})
