// The contract's run methods: asking for a run is checking the whole request first, so that Start either starts or says why not.
import { shorterThanContext, windowTokens } from '../../../src-shared/batches/shorter-than-context.ts'
import {
  flopsPerToken,
  type ModelShape,
  parseModelShape,
  resolveModel,
} from '../../../src-shared/config/model-config.ts'
import { type PretrainConfig, parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import { tokensPerStep } from '../../../src-shared/config/train-config.ts'
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { Estimate, LabMethods, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, ParsedInputOf } from '../../../src-shared/contract/method.ts'
import { listEvents } from '../database/queries/events.ts'
import { readSeries } from '../database/queries/metrics.ts'
import { removeRun, restoreRun } from '../database/queries/runs.ts'
import { listSamples } from '../database/queries/samples.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import { speedFor } from './device-speed.ts'
import { estimateRun, requireNone } from './estimate.ts'
import type { Runs } from './runs.ts'
import type { RunParts } from './training-session.ts'

type RunMethods = Pick<
  LabMethods,
  Extract<keyof LabMethods, `runs.${string}` | `pretrain.${string}` | `checkpoints.${string}`>
>
type PretrainRequest = ParsedInputOf<LabMethods['pretrain.start']>

export function runHandlers(parts: RunParts, runs: Runs, supervisor: EngineSupervisor): Handlers<RunMethods> {
  const { context, corpora, tokenizers, checkpoints } = parts
  const { db } = context.workspace
  const changed = (what: 'runs' | 'checkpoints') => context.publish('changed', { what })

  /** Every problem of a request at once; what could be resolved comes with them. */
  function examine(request: Omit<PretrainRequest, 'name'> & { vocabularySize?: number | undefined }): {
    shape: ModelShape
    config: PretrainConfig
    estimate: Estimate
  } {
    const problems: LabErrorFacts[] = []
    const attempt = <T>(act: () => T, otherwise: () => T): T => {
      try {
        return act()
      } catch (error) {
        problems.push(toFacts(error))
        return otherwise()
      }
    }
    const tokenizer = tokenizers.summary(request.tokenizer)
    // A tokenizer that is yet to be trained is only a size so far.
    const isPlanned = request.vocabularySize !== undefined
    const vocabularySize = request.vocabularySize ?? tokenizer.vocabularySize
    if (tokenizer.kind === 'foreign' && !isPlanned)
      problems.push({
        code: 'bad-input',
        what: `${tokenizer.name}'s tokenizer is here to compare with, not to train with`,
        where: 'tokenizer',
        fix: 'train a tokenizer on your own text',
      })
    const shape = attempt(
      () => parseModelShape(request.model),
      () => parseModelShape({}),
    )
    const model = attempt(
      () => resolveModel(shape, vocabularySize),
      () => ({
        ...shape,
        nKvHead: shape.nKvHead || shape.nHead,
        nInner: shape.nInner || 4 * shape.nEmbd,
        vocabularySize,
      }),
    )
    const config = attempt(
      () => parsePretrainConfig(request.config),
      () => parsePretrainConfig({}),
    )
    const plannedTokens = config.steps * tokensPerStep(config, shape.contextLength)
    attempt(
      () => {
        if (!request.sources.some(source => source.weight > 0))
          throw new LabError({
            code: 'bad-input',
            what: 'no corpus is chosen',
            where: 'sources',
            fix: 'add a text and give it a share',
          })
        for (const row of corpora.sources({
          tokenizer: isPlanned ? null : request.tokenizer,
          sources: request.sources,
          plannedTokens,
        }))
          if (
            row.share > 0 &&
            row.tokens !== null &&
            !row.estimated &&
            row.tokens < windowTokens(shape.contextLength)
          )
            throw shorterThanContext(row.name, row.tokens, shape.contextLength)
      },
      () => {},
    )
    const { device } = supervisor.current()
    const flopsPerStep = tokensPerStep(config, shape.contextLength) * flopsPerToken(model)
    const flopsPerSecond = device && speedFor(db, device, flopsPerStep)
    return { shape, config, estimate: estimateRun(model, config, device, flopsPerSecond, problems) }
  }

  const name = (request: PretrainRequest, shape: ModelShape): string => {
    const heaviest = [...request.sources].sort((a, b) => b.weight - a.weight)[0]!
    return `${corpora.show(heaviest.corpus).name} ${shape.nLayer}x${shape.nEmbd}`.slice(0, 120)
  }

  return {
    'pretrain.estimate': request => examine(request).estimate,
    async 'pretrain.start'(request) {
      // What fits is only known once the device is.
      await supervisor.settled()
      const { shape, config, estimate } = examine(request)
      requireNone(estimate.problems)
      const sources = request.sources
        .filter(source => source.weight > 0)
        .map(({ corpus, weight }) => {
          const { name, hash, bytes } = corpora.show(corpus)
          return { corpus, name, hash, weight, bytes, tokens: 0, validationTokens: 0 }
        })
      const run = runs.start({
        name: request.name ?? name(request, shape),
        phase: 'pretrain',
        parentCheckpoint: null,
        tokenizer: request.tokenizer,
        model: resolveModel(shape, tokenizers.summary(request.tokenizer).vocabularySize),
        config: { ...config },
        data: { sources },
        steps: config.steps,
      })
      changed('runs')
      return { run }
    },
    'runs.list': () => runs.list(),
    'runs.show': ({ run }): RunSummary => runs.show(run),
    'runs.pause'({ run }) {
      runs.pause(run)
      return {}
    },
    'runs.stop'({ run }) {
      runs.stop(run)
      return {}
    },
    'runs.resume'({ run, steps }) {
      runs.resume(run, steps)
      return {}
    },
    'runs.annotate'({ run, name, tags, notes }) {
      runs.change(run, {
        ...(name === undefined ? {} : { name }),
        ...(tags === undefined ? {} : { tags }),
        ...(notes === undefined ? {} : { notes }),
      })
      changed('runs')
      return {}
    },
    'runs.remove'({ run }) {
      if (runs.isActive(run))
        throw new LabError({ code: 'conflict', what: 'the run is active', where: run, fix: 'stop it first' })
      removeRun(db, run)
      changed('runs')
      return {}
    },
    'runs.restore'({ run }) {
      restoreRun(db, run)
      changed('runs')
      return {}
    },
    'runs.series'({ run, names, points, fromStep, toStep }) {
      runs.show(run)
      const range = {
        points,
        ...(fromStep === undefined ? {} : { fromStep }),
        ...(toStep === undefined ? {} : { toStep }),
      }
      return Object.fromEntries(names.map(name => [name, readSeries(db, run, name, range)]))
    },
    'runs.samples': ({ run }) => listSamples(db, run),
    'runs.events': ({ run }) => listEvents(db, run),
    'checkpoints.list': ({ run }) => checkpoints.list(run),
    async 'checkpoints.verify'({ checkpoint }) {
      const problems = await checkpoints.verify(checkpoint)
      changed('checkpoints')
      return { verified: problems.length === 0, problems }
    },
  }
}
