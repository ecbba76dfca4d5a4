// One peer = one end of a channel: birpc carries the messages, valibot checks both directions.
import { createBirpc } from 'birpc'
import * as v from 'valibot'
import { LabError, labErrorFacts, toFacts } from './errors.ts'
import type { Caller, Handlers, Methods, Topics } from './method.ts'

/** A channel that carries structured-clone values: MessagePort, worker port, or WebSocket with its codec. */
export interface Transport {
  post(message: unknown): void
  onMessage(receive: (message: unknown) => void): void
  /** Called once when the other side is gone; every call in flight is then rejected. */
  onClose(closed: () => void): void
  close(): void
}

const reply = v.variant('ok', [
  v.object({ ok: v.literal(true), value: v.optional(v.unknown()) }),
  v.object({ ok: v.literal(false), error: labErrorFacts }),
])
type Reply = v.InferInput<typeof reply>

/** What birpc puts on the wire. Whoever sends anything else does not speak this protocol. */
const envelope = v.union([
  v.object({
    t: v.literal('q'),
    i: v.optional(v.string()),
    m: v.picklist(['request', 'publish']),
    a: v.strictTuple([v.string(), v.unknown()]),
  }),
  v.object({
    t: v.literal('s'),
    i: v.string(),
    r: v.optional(v.unknown()),
    e: v.optional(v.unknown()),
  }),
])

/** The line that valibot's issues become: `seed: Expected number but received "x"`. */
export function issuesText(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map(issue => `${v.getDotPath(issue) ?? 'value'}: ${issue.message}`).join('; ')
}

export function checked<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  where: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  throw new LabError({
    code: 'bad-input',
    what: issuesText(result.issues),
    where,
    fix: 'correct the value and try again',
  })
}

export interface Peer<Remote extends Methods, Outgoing extends Topics> {
  call: Caller<Remote>
  /** Tells the other side something that needs no answer. */
  publish<K extends keyof Outgoing & string>(topic: K, payload: v.InferInput<Outgoing[K]>): void
  close(): void
  readonly closed: Promise<void>
}

/**
 * Joins two sides over `transport`.
 * @param local what this side serves   @param remote what the other side serves
 * @param incoming topics that the other side publishes, given to `onTopic`
 */
export function createPeer<
  Local extends Methods,
  Remote extends Methods,
  Incoming extends Topics,
  Outgoing extends Topics,
>(options: {
  transport: Transport
  local: Local
  handlers: Handlers<Local>
  remote: Remote
  incoming: Incoming
  outgoing: Outgoing
  onTopic: <K extends keyof Incoming & string>(topic: K, payload: v.InferOutput<Incoming[K]>) => void
}): Peer<Remote, Outgoing> {
  const { transport, local, handlers, remote, incoming, outgoing, onTopic } = options

  async function request(method: string, input: unknown): Promise<Reply> {
    try {
      const definition = Object.hasOwn(local, method) ? local[method] : undefined
      if (!definition)
        throw new LabError({
          code: 'bad-input',
          what: `there is no method "${method}"`,
          fix: 'use a method of the contract',
        })
      const value = await handlers[method as keyof Local](checked(definition.input, input, method))
      return { ok: true, value: checked(definition.output, value, `answer of ${method}`) }
    } catch (error) {
      return { ok: false, error: toFacts(error) }
    }
  }
  function publish(topic: string, payload: unknown): void {
    if (!Object.hasOwn(incoming, topic)) return
    const parsed = v.safeParse(incoming[topic as keyof Incoming]!, payload)
    if (parsed.success) onTopic(topic as keyof Incoming & string, parsed.output as never)
  }

  const rpc = createBirpc<
    { request: typeof request; publish: typeof publish },
    { request: typeof request; publish: typeof publish }
  >(
    { request, publish },
    {
      post(message) {
        try {
          transport.post(message)
        } catch (error) {
          if (message.t !== 's') throw error
          // An answer that cannot travel: the caller hears why instead of waiting for ever.
          transport.post({ t: 's', i: message.i, r: { ok: false, error: toFacts(error) } satisfies Reply })
        }
      },
      on: receive =>
        transport.onMessage(message => {
          if (v.is(envelope, message)) receive(message)
          else transport.close()
        }),
      eventNames: ['publish'],
      timeout: -1,
    },
  )
  const closed = new Promise<void>(resolve => transport.onClose(resolve))
  const lost = new LabError({
    code: 'engine-lost',
    what: 'the other side of the connection is gone',
    fix: 'wait for it to come back, then try again',
  })
  let isClosed = false
  void closed.then(() => {
    isClosed = true
    rpc.$close(lost)
  })

  return {
    closed,
    async call(name, input) {
      if (isClosed) throw lost
      const answer = checked(reply, await rpc.request(name, input), `answer of ${name}`)
      if (!answer.ok) throw new LabError(answer.error)
      return checked(remote[name]!.output, answer.value, `answer of ${name}`)
    },
    publish(topic, payload) {
      if (isClosed) return
      // Past birpc, so that what cannot be sent is thrown here and not as an unhandled rejection.
      transport.post({
        t: 'q',
        m: 'publish',
        a: [topic, checked(outgoing[topic]!, payload, `topic ${topic}`)],
      })
    },
    close() {
      transport.close()
    },
  }
}
