// The doctor of a run that is training: hears its metrics as they come, and says each thing once, however often the run is
// stopped and resumed.
import { parsePpoConfig } from '../../../src-shared/config/ppo-config.ts'
import { doctorMetrics, type Finding, PpoDoctor } from '../../../src-shared/ppo/doctor.ts'
import type { Db } from '../database/open.ts'
import { listEvents } from '../database/queries/events.ts'
import { readSeries } from '../database/queries/metrics.ts'
import type { Run } from '../database/queries/runs.ts'

/** Kind of the events that hold what the doctor said. */
export const DOCTOR = 'doctor'

const sentenceOf = ({ title, text }: Pick<Finding, 'title' | 'text'>): string => `${title}: ${text}`

export class RunDoctor {
  private readonly doctor: PpoDoctor
  /** What earlier starts of the run were told; steps that are redone say nothing twice. */
  private readonly told: ReadonlySet<string>

  /** @param run as it is resumed: the doctor has heard what it reported up to its step */
  constructor(db: Db, run: Pick<Run, 'id' | 'config'>) {
    this.doctor = new PpoDoctor(parsePpoConfig(run.config, run.id))
    for (const { step, values } of pointsOf(db, run.id)) this.doctor.hear(step, values)
    const said = listEvents(db, run.id).filter(({ kind }) => kind === DOCTOR)
    this.told = new Set(said.map(({ text }) => text.slice(0, text.indexOf(':'))))
  }

  /** @returns what is to be written down, as sentences */
  hear(step: number, values: Readonly<Record<string, number>>): string[] {
    const fresh = this.doctor.hear(step, values)
    return fresh.filter(({ title }) => !this.told.has(title)).map(sentenceOf)
  }
}

/** Every value of the metrics that the doctor reads, by step. */
function pointsOf(db: Db, run: string): { step: number; values: Record<string, number> }[] {
  const byStep = new Map<number, Record<string, number>>()
  for (const name of doctorMetrics) {
    const { steps, values } = readSeries(db, run, name, { points: Number.MAX_SAFE_INTEGER })
    for (const [i, step] of steps.entries()) byStep.set(step, { ...byStep.get(step), [name]: values[i]! })
  }
  return [...byStep].sort(([a], [b]) => a - b).map(([step, values]) => ({ step, values }))
}
