// A walk over a syntax tree, every node once, parents first.
import type { ESTree } from 'vite'

export function visit(node: ESTree.Node, see: (node: ESTree.Node) => void): void {
  see(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, see)
  }
}

const isNode = (value: unknown): value is ESTree.Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
