// What a report of a build tells: numbers and texts alone, gathered by the core, drawn by the files beside.
import type { EvaluationFindings, WinRate } from '../contract/evaluation-contract.ts'
import type { RunSummary } from '../contract/lab-contract.ts'
import type { Goal } from './goals.ts'

export type PhaseId = RunSummary['phase']

/** The line of a curve that was measured on what was not learned from. */
export const HELD_OUT = 'held out'

/** A curve over the steps of a run. */
export interface ReportCurve {
  readonly title: string
  /** Of the values; empty = a plain number. */
  readonly unit: string
  readonly lines: readonly {
    readonly name: string
    readonly points: readonly (readonly [number, number])[]
  }[]
}

export interface ReportPhase {
  readonly phase: PhaseId
  readonly run: string
  readonly parameters: number
  /** What went in, as terms and figures. */
  readonly data: readonly (readonly [term: string, figure: string])[]
  /** What came of it. */
  readonly results: readonly (readonly [term: string, figure: string])[]
  readonly curves: readonly ReportCurve[]
  readonly weightsSha256: string
}

export interface PhaseCost {
  readonly phase: PhaseId
  /** All steps of the phase: data, sampling, training. */
  readonly minutes: number
  /** Read in training. */
  readonly tokens: number
  readonly flops: number
}

export interface ReportAnswer {
  readonly label: string
  readonly text: string
  /** The model ended it itself. */
  readonly stopped: boolean
  /** By the reward model; null where its context does not take it. */
  readonly score: number | null
}

export interface BuildReport {
  readonly build: string
  readonly seed: number
  readonly size: string
  readonly createdAt: string
  readonly device: string
  readonly phases: readonly ReportPhase[]
  readonly costs: readonly PhaseCost[]
  readonly evaluationMinutes: number
  readonly asked: readonly { readonly prompt: string; readonly answers: readonly ReportAnswer[] }[]
  /** Ids of judges with the names that people read. */
  readonly judges: readonly { readonly id: string; readonly name: string }[]
  readonly winRates: readonly WinRate[]
  readonly findings: Pick<EvaluationFindings, 'truthfulness' | 'arithmetic' | 'manner'>
  readonly goals: readonly Goal[]
}
