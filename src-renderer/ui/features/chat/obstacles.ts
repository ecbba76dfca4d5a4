// Why nothing can be sent or written just now. It changes with every message, so that the buttons ask for it themselves
// and no turn is drawn anew.
import { createContext, useContext } from 'react'

export interface Obstacles {
  /** null = a message can be sent. */
  readonly sending: string | null
  /** null = an answer can be written anew. */
  readonly writing: string | null
}

export const ObstaclesContext = createContext<Obstacles>({ sending: null, writing: null })
export const useObstacles = (): Obstacles => useContext(ObstaclesContext)
