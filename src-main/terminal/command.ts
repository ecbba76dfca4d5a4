// What a command is: its words, its options, and a function from a session to what it prints.
import { type Command, InvalidArgumentError } from 'commander'
import type { BackendChoice } from '../../src-shared/contract/device-info.ts'
import type { Session } from './session.ts'

/** Wrong usage: exit code 2. */
export class UsageError extends Error {
  /** Commander has told the person already. */
  readonly told: boolean

  constructor(message: string, options?: ErrorOptions & { told?: boolean }) {
    super(message, options)
    this.told = options?.told ?? false
  }
}

/** What every command takes. */
export interface GlobalOptions {
  workspace?: string
  backend?: BackendChoice
  /** CPU threads; absent = as many as cores. */
  threads?: number
  json?: boolean
}

/** Printed on stdout: `json` under --json, else `text`; null and '' where it was written before. */
export interface Output {
  readonly json: object | null
  readonly text: string
  /** The answer is that something is wrong; the sentence goes to stderr and the exit code is 1. */
  readonly failure?: string
}

export interface TerminalCommand<Options extends object = object> {
  /** `corpus add` */
  readonly name: string
  readonly summary: string
  /** `none`: nothing is computed, so the engine is not started. `page`: it runs in a page of the browser. */
  engine(options: Options): 'node' | 'page' | 'none'
  /** Declares arguments and options. */
  declare(command: Command): void
  run(session: Session, args: readonly string[], options: Options & GlobalOptions): Promise<Output>
}

/** The same command without its options' type, as the table holds it. */
export type AnyCommand = TerminalCommand<never>

export const count = (text: string): number => {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('It must be a whole number of at least 0.')
  return Number(text)
}

/** A whole number of at least 1. */
export const atLeastOne = (text: string): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value === 0)
    throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return value
}

/** A number, whole where both bounds are, between two that it may be. */
export const between =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    const isWhole = Number.isInteger(least) && Number.isInteger(most)
    if (text.trim() === '' || !(value >= least && value <= most) || (isWhole && !/^\d+$/.test(text)))
      throw new InvalidArgumentError(
        `It must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most.toLocaleString('en-US')}.`,
      )
    return value
  }

export const number = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** An option that may be given several times. */
export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text]
