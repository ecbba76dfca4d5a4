// The whole pipeline as one action, for the terminal and the app alike: begun, cut off, gone on with, shown.
import { randomBytes } from 'node:crypto'
import { reportHtml } from '../../../src-shared/build-report/report-html.ts'
import type {
  BuildPhase,
  BuildSize,
  BuildStatus,
  buildMethods,
} from '../../../src-shared/contract/build-contract.ts'
import { LabError, toFacts } from '../../../src-shared/contract/errors.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { CoreContext } from '../context.ts'
import {
  allBuilds,
  type Build,
  getBuild,
  newestBuild,
  pauseLeftBuilds,
  saveBuild,
} from '../database/queries/builds.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { writeExport } from '../workspace/export-file.ts'
import { buildStatus, type Underway } from './build-status.ts'
import { demoReport } from './demo-report.ts'
import { type DemoResult, demoResult } from './demo-result.ts'
import { demoSteps, wholePhases } from './demo-steps.ts'
import { expectedMinutes, slowness } from './expected-time.ts'
import { demoRecipes } from './recipes.ts'
import { runSteps } from './run-steps.ts'
import type { DemoLab } from './step.ts'

/** The screens hear of a build at most this often while one step is under way. */
const TOLD_EVERY_MS = 500

export class Builds {
  private readonly context: CoreContext
  private readonly lab: () => DemoLab
  private underWay: (Underway & { readonly job: string; readonly done: Promise<unknown> }) | null = null
  private toldMs = 0
  /** The one begun or gone on with last, which the screens go on showing when it rests. */
  private shown: string | null = null

  /** @param lab asked for when something is to be done: it is made of what this is a part of */
  constructor(context: CoreContext, lab: () => DemoLab) {
    this.context = context
    this.lab = lab
    pauseLeftBuilds(this.db)
  }

  readonly handlers: Handlers<typeof buildMethods> = {
    'build.show': async () => {
      const build = this.latest()
      return {
        build: build && (await this.status(build)),
        expectedMinutes: expectedMinutes(this.db, await this.device()),
      }
    },
    'build.list': () =>
      allBuilds(this.db)
        .map(build => this.known(build))
        .map(({ id, seed, size, phases, createdAt, state, made }) => ({
          ...{ build: id, seed, size, createdAt, state },
          phases: [...phases],
          report: made.report ?? null,
        })),
    'build.start': ({ seed, size, phases }) => this.start(seed, size, phases),
    'build.resume': ({ build }) => {
      const known = build === undefined ? this.latest() : getBuild(this.db, build)
      if (known) return this.goOn(known)
      throw new LabError({
        code: 'not-found',
        what: 'nothing was built here yet',
        fix: 'start a build',
      })
    },
    'build.cancel': () => {
      if (this.underWay) this.context.jobs.cancel(this.underWay.job)
      return {}
    },
    'build.report': async ({ build, theme }) => ({ html: reportHtml(await this.report(build), theme) }),
    'build.saveReport': async ({ build }) => {
      const report = await this.report(build)
      const title = `Starter world ${report.seed} report`
      const { path } = await writeExport(this.context.workspace, title, 'html', [reportHtml(report)])
      return { path }
    },
  }

  /** Cuts off what is under way; settles when nothing is. */
  async close(): Promise<void> {
    if (!this.underWay) return
    const { job, done } = this.underWay
    this.context.jobs.cancel(job)
    await Promise.allSettled([done])
  }

  private async report(id: string) {
    const build = getBuild(this.db, id)
    try {
      return await demoReport(this.lab(), build)
    } catch (error) {
      const facts = toFacts(error)
      if (facts.code !== 'not-found' || !build.made.report) throw error
      throw new LabError(
        {
          ...facts,
          what: `the report cannot be written anew: ${facts.what}`,
          fix: `open the file that was written when it was there: ${build.made.report}`,
        },
        { cause: error },
      )
    }
  }

  private latest(): Build | null {
    return this.shown === null ? newestBuild(this.db) : getBuild(this.db, this.shown)
  }

  private get db() {
    return this.context.workspace.db
  }

  private start(seed: number, size: BuildSize, given: readonly BuildPhase[] | undefined) {
    this.refuseTwo()
    const build: Build = {
      id: `build-${randomBytes(4).toString('hex')}`,
      createdAt: new Date().toISOString(),
      seed,
      size,
      phases: wholePhases(given),
      state: 'paused',
      made: { done: [] },
      seconds: {},
      error: null,
    }
    saveBuild(this.db, build)
    return this.goOn(build)
  }

  private goOn({ id, seed, phases }: Build): { build: string; job: string } {
    this.refuseTwo()
    const title = phases.includes('ppo')
      ? `Building all four, starter world ${seed}`
      : `Starter world ${seed}`
    const { id: job, done } = this.context.jobs.start('build', title, control => this.work(id, control))
    this.underWay = { build: id, step: null, job, done }
    this.shown = id
    return { build: id, job }
  }

  private refuseTwo(): void {
    if (this.underWay)
      throw new LabError({
        code: 'conflict',
        what: 'a build is under way',
        fix: 'wait for it, or stop it',
      })
  }

  private async work(id: string, { signal, progress }: JobControl): Promise<DemoResult> {
    let build = getBuild(this.db, id)
    const change = (changed: Partial<Build>) => {
      build = { ...build, ...changed }
      saveBuild(this.db, build)
    }
    const tell = async () => {
      this.toldMs = performance.now()
      const status = await this.status(build)
      const active = status.phases.flatMap(({ steps }) => steps).find(({ state }) => state === 'active')
      progress({ done: status.done, total: 1, unit: '', ...(active ? { note: active.title } : {}) })
      this.context.publish('build', status)
    }
    const lab = this.lab()
    let telling = Promise.resolve()
    try {
      change({ state: 'running', error: null })
      const { seed, size, phases, createdAt, made } = build
      await runSteps({
        steps: demoSteps(phases),
        build: id,
        lab,
        seed,
        createdAt,
        recipe: demoRecipes[size],
        made,
        signal,
        save: made => change({ made }),
        onProgress: (name, done) => {
          const isNew = this.underWay!.step?.name !== name
          const sinceMs = isNew ? performance.now() : this.underWay!.step!.sinceMs
          this.underWay = { ...this.underWay!, step: { name, done, sinceMs } }
          if (isNew || performance.now() - this.toldMs >= TOLD_EVERY_MS) telling = telling.then(tell)
        },
        onSeconds: (name, seconds) => {
          const { step } = this.underWay!
          // What is kept is not counted twice.
          this.underWay = { ...this.underWay!, step: step && { ...step, sinceMs: performance.now() } }
          change({ seconds: { ...build.seconds, [name]: (build.seconds[name] ?? 0) + seconds } })
        },
      })
      change({ state: 'finished' })
    } catch (error) {
      const facts = toFacts(error)
      const isCut = signal.aborted || facts.code === 'cancelled'
      change({ state: isCut ? 'paused' : 'failed', error: signal.aborted ? null : facts })
      throw error
    } finally {
      this.underWay = null
      await telling.then(tell)
    }
    // What was deleted since makes no failed build of a finished one.
    return demoResult(lab, build)
  }

  private async status(build: Build): Promise<BuildStatus> {
    const underWay = this.underWay?.build === build.id ? this.underWay : null
    return buildStatus(this.lab(), this.known(build), underWay, slowness(this.db, await this.device()))
  }

  /** A full disk can keep the end of a build from being written. */
  private known(build: Build): Build {
    const isLeft = build.state === 'running' && this.underWay?.build !== build.id
    return isLeft ? { ...build, state: 'paused' } : build
  }

  private async device() {
    return (await this.lab().handlers['engine.status']({})).device
  }
}
