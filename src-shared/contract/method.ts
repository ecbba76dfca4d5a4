// A contract is a table: method name -> valibot schema in and out. Types, checks and the preload bridge come from it.
import * as v from 'valibot'

// biome-ignore lint/suspicious/noExplicitAny: a table of schemas of any type
type Schema = v.GenericSchema<any, any>

export interface Method<In extends Schema = Schema, Out extends Schema = Schema> {
  readonly input: In
  readonly output: Out
}
export type Methods = Readonly<Record<string, Method>>
export type Topics = Readonly<Record<string, Schema>>

export const method = <In extends Schema, Out extends Schema>(input: In, output: Out): Method<In, Out> => ({
  input,
  output,
})

export type InputOf<M extends Method> = v.InferInput<M['input']>
export type ParsedInputOf<M extends Method> = v.InferOutput<M['input']>
export type OutputOf<M extends Method> = v.InferOutput<M['output']>

/** What a side that serves the table must implement. */
export type Handlers<T extends Methods> = {
  [K in keyof T]: (input: ParsedInputOf<T[K]>) => OutputOf<T[K]> | Promise<OutputOf<T[K]>>
}

/** What a side that uses the table calls: `call('corpora.list', {})`. */
export type Caller<T extends Methods> = <K extends keyof T & string>(
  name: K,
  input: InputOf<T[K]>,
) => Promise<OutputOf<T[K]>>

export type TopicPayload<T extends Topics, K extends keyof T> = v.InferOutput<T[K]>
export type Publish<T extends Topics> = <K extends keyof T & string>(
  topic: K,
  payload: v.InferOutput<T[K]>,
) => void

export const nothing = v.object({})
export const bytes = v.instance(Uint8Array)
export const int32s = v.instance(Int32Array)
export const float32s = v.instance(Float32Array)
export const float64s = v.instance(Float64Array)
/** A count: a whole number of at least 0. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0))
/** Ids are made by us (`run-3f2a…`); the pattern keeps paths and markup out. */
export const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'not an id'))
/** Names are made by people: one line, no control characters. */
export const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(120),
  v.regex(/^\P{Cc}*$/u, 'control characters are not allowed'),
)
