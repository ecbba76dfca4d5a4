// One peer = one end of a channel: birpc carries the messages, valibot checks both directions.
import { createBirpc } from 'birpc'
import * as v from 'valibot'
import { LabError, type LabErrorFacts, toFacts } from './errors.ts'
import type { Caller, Handlers, Methods, Topics } from './method.ts'

/** A channel that carries structured-clone values: MessagePort, worker port, or WebSocket with its codec. */
export interface Transport {
  post(message: unknown): void
  onMessage(receive: (message: unknown) => void): void
  /** Called once when the other side is gone; every call in flight is then rejected. */
  onClose(closed: () => void): void
  close(): void
}

type Reply = { ok: true; value: unknown } | { ok: false; error: LabErrorFacts }

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
      post: message => transport.post(message),
      on: receive => transport.onMessage(receive),
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
      const reply = (await rpc.request(name, input)) as Reply
      if (!reply.ok) throw new LabError(reply.error)
      return checked(remote[name]!.output, reply.value, `answer of ${name}`)
    },
    publish(topic, payload) {
      if (!isClosed) rpc.publish(topic, checked(outgoing[topic]!, payload, `topic ${topic}`))
    },
    close() {
      transport.close()
    },
  }
}
