// The doctor of phase 4: reads a run's metrics as they come and says in plain words what goes wrong, why, and which
// setting to change. It knows nothing that the charts do not show.
import type { PpoConfig } from '../config/ppo-config.ts'
import type { Diagnosis, FindingLevel, RuleId } from './doctor-rule.ts'
import { doctorRules } from './doctor-rules.ts'
import { MetricHistory } from './metric-history.ts'

export interface Finding extends Diagnosis {
  readonly rule: RuleId
  readonly level: FindingLevel
  readonly title: string
  /** The update at which it was found. */
  readonly since: number
  /** Since when it does not hold any more; null = it still does. */
  readonly until: number | null
}

export class PpoDoctor {
  private readonly config: PpoConfig
  private readonly history = new MetricHistory()
  private readonly found = new Map<RuleId, Finding>()

  constructor(config: PpoConfig) {
    this.config = config
  }

  /** In the order in which they were found; each rule at most once. */
  get findings(): readonly Finding[] {
    return [...this.found.values()]
  }

  /**
   * @param step of the update, ascending; metrics of one update may come in several calls
   * @returns what this made the doctor find for the first time
   */
  hear(step: number, values: Readonly<Record<string, number>>): readonly Finding[] {
    this.history.add(step, values)
    const fresh: Finding[] = []
    for (const rule of doctorRules) {
      if (!rule.metrics.some(name => values[name] !== undefined)) continue
      const diagnosis = rule.find(this.history, this.config)
      const before = this.found.get(rule.id)
      if (before) {
        // What it says now, while it holds; what it said last, when it is over.
        const until = diagnosis ? null : (before.until ?? step)
        this.found.set(rule.id, { ...before, ...diagnosis, until })
      } else if (diagnosis) {
        const { id, level, title } = rule
        const finding: Finding = { rule: id, level, title, since: step, until: null, ...diagnosis }
        this.found.set(id, finding)
        fresh.push(finding)
      }
    }
    return fresh
  }
}

/** All that a doctor who heard these points from the first on would have found. */
export function diagnose(
  points: readonly { readonly step: number; readonly values: Readonly<Record<string, number>> }[],
  config: PpoConfig,
): readonly Finding[] {
  const doctor = new PpoDoctor(config)
  for (const { step, values } of points) doctor.hear(step, values)
  return doctor.findings
}

/** The metrics that any rule reads. */
export const doctorMetrics: readonly string[] = [...new Set(doctorRules.flatMap(rule => rule.metrics))]
