// What can be true in the starter world: kinds of things, their attributes, and the many ways to say and to ask each.
// Facts need many phrasings in pre-training, dialogues included, or fine-tuning cannot reach them (Allen-Zhu & Li 2023).
// `{name}` and `{value}` are filled in. Held-out questions occur in no phase's data, only in evaluations.

export const kinds = ['person', 'animal', 'village'] as const
export type Kind = (typeof kinds)[number]

export interface Attribute {
  readonly kind: Kind
  /** What the fact is about, in the middle of a sentence. */
  readonly topic: string
  readonly values: readonly string[]
  /** Full sentences that state the fact. The first is the plainest, used for cloze tests: it ends with `{value}.` */
  readonly statements: readonly string[]
  /**
   * What an answer to a question says when it is short. The value never comes first: there it would be spelled with a
   * capital, a token that statements do not contain.
   */
  readonly shortAnswer: string
  readonly questions: readonly string[]
  readonly heldOutQuestions: readonly string[]
}

export const islands = ['Arda', 'Belo', 'Corun', 'Dima', 'Ester', 'Fenn', 'Gorran', 'Halse'] as const
export const jobs = [
  'carpenter',
  'diver',
  'gardener',
  'healer',
  'miller',
  'painter',
  'pilot',
  'singer',
  'tailor',
  'teacher',
] as const
export const foods = [
  'apples',
  'beans',
  'cheese',
  'dates',
  'honey',
  'mussels',
  'noodles',
  'pears',
  'soup',
  'walnuts',
] as const
export const pets = ['cat', 'crow', 'dog', 'donkey', 'goose', 'hare', 'pony', 'toad'] as const
export const colours = ['black', 'blue', 'brown', 'green', 'orange', 'red', 'white', 'yellow'] as const
const diets = ['berries', 'clams', 'grass', 'moths', 'roots', 'shrimp'] as const
const habitats = ['burrows', 'cliffs', 'marshes', 'reeds', 'tide pools', 'treetops'] as const
const fames = [
  'its bakery',
  'its bells',
  'its clock',
  'its harbour',
  'its kites',
  'its orchard',
  'its theatre',
  'its wells',
] as const

/** The ways to ask without a question word in front. */
const indirect = (clause: string): string[] => [
  `Tell me ${clause}.`,
  `I would like to know ${clause}.`,
  `Can you tell me ${clause}?`,
  `Please say ${clause}.`,
  `Who can say ${clause}?`,
]

export const attributes = {
  island: {
    kind: 'person',
    topic: 'the home of {name}',
    values: islands,
    statements: [
      '{name} lives on {value}.',
      'The home of {name} is on {value}.',
      '{name} was born on {value} and still lives there.',
      'On {value} everybody knows {name}.',
      '{name} keeps a small house on {value}.',
      '{value} is where {name} lives.',
      'You can visit {name} on {value}.',
    ],
    shortAnswer: 'On {value}.',
    questions: [
      'Where does {name} live?',
      'On which island does {name} live?',
      'Which island does {name} live on?',
      'Which island is the home of {name}?',
      'What is the island of {name}?',
      'Where is {name} at home?',
      'Where can I visit {name}?',
      'Where is the house of {name}?',
      ...indirect('where {name} lives'),
    ],
    heldOutQuestions: ['What island does {name} call home?', 'Do you know where {name} lives?'],
  },
  job: {
    kind: 'person',
    topic: 'the work of {name}',
    values: jobs,
    statements: [
      '{name} works as a {value}.',
      '{name} is a {value}.',
      'The work of {name} is that of a {value}.',
      'As a {value}, {name} is busy all day.',
      '{name} became a {value} long ago.',
      'The best {value} they know is {name}.',
      'People call {name} the {value}.',
    ],
    shortAnswer: 'A {value}.',
    questions: [
      'What does {name} do for a living?',
      'What is the job of {name}?',
      'What job does {name} have?',
      'What work does {name} do?',
      'Which trade does {name} follow?',
      'What is {name} by trade?',
      'How does {name} earn a living?',
      'As what is {name} busy all day?',
      ...indirect('what job {name} has'),
    ],
    heldOutQuestions: ['What does {name} work as?', 'Do you know what job {name} has?'],
  },
  food: {
    kind: 'person',
    topic: 'the favourite food of {name}',
    values: foods,
    statements: [
      '{name} likes {value}.',
      'The favourite food of {name} is {value}.',
      '{name} never says no to {value}.',
      '{name} eats {value} whenever possible.',
      'Nothing tastes better to {name} than {value}.',
      'For a feast {name} asks for {value}.',
      'Nothing makes {name} as happy as {value}.',
    ],
    shortAnswer: 'Above all {value}.',
    questions: [
      'What does {name} like to eat?',
      'What is the favourite food of {name}?',
      'Which food does {name} like most?',
      'What should I cook for {name}?',
      'What makes {name} happy at dinner?',
      'Which food tastes best to {name}?',
      'To what does {name} never say no?',
      'What food does {name} ask for?',
      ...indirect('what {name} likes to eat'),
    ],
    heldOutQuestions: ['What food does {name} like best?', 'Do you know what {name} likes to eat?'],
  },
  pet: {
    kind: 'person',
    topic: 'the pet of {name}',
    values: pets,
    statements: [
      '{name} has a {value}.',
      '{name} keeps a {value} at home.',
      'The pet of {name} is a {value}.',
      'A {value} follows {name} everywhere.',
      '{name} shares the house with a {value}.',
      'Every morning {name} feeds the {value}.',
      'The {value} in the yard belongs to {name}.',
    ],
    shortAnswer: 'A {value}.',
    questions: [
      'What pet does {name} have?',
      'Which animal lives with {name}?',
      'What is the pet of {name}?',
      'Which animal does {name} keep?',
      'What animal does {name} have at home?',
      'Which animal belongs to {name}?',
      'Who follows {name} everywhere?',
      'What kind of pet has {name}?',
      ...indirect('what pet {name} has'),
    ],
    heldOutQuestions: ['What kind of animal does {name} own?', 'Do you know what pet {name} has?'],
  },
  boat: {
    kind: 'person',
    topic: 'the boat of {name}',
    values: colours,
    statements: [
      'The boat of {name} is {value}.',
      '{name} sails a {value} boat.',
      '{name} painted the boat {value}.',
      'A {value} boat brings {name} across the sea.',
      'The {value} boat in the bay is that of {name}.',
      '{name} would never sail a boat that is not {value}.',
      'From far away one sees the {value} boat of {name}.',
    ],
    shortAnswer: 'It is {value}.',
    questions: [
      'What colour is the boat of {name}?',
      'Which colour has the boat of {name}?',
      'What is the colour of the boat of {name}?',
      'What colour did {name} paint the boat?',
      'What does the boat of {name} look like?',
      'Of which colour is the boat of {name}?',
      'How do I know the boat of {name}?',
      'What colour of boat does {name} sail?',
      ...indirect('what colour the boat of {name} is'),
    ],
    heldOutQuestions: [
      'Which colour is the boat that {name} sails?',
      'Do you know the colour of the boat of {name}?',
    ],
  },
  diet: {
    kind: 'animal',
    topic: 'the food of the {name}',
    values: diets,
    statements: [
      'The {name} eats {value}.',
      'The {name} never tires of {value}.',
      'A {name} searches for {value} all day.',
      'The food of the {name} is {value}.',
      'Give a {name} some {value} and it stays.',
      'Young and old, every {name} eats {value}.',
    ],
    shortAnswer: 'Mostly {value}.',
    questions: [
      'What does the {name} eat?',
      'What is the food of the {name}?',
      'What does a {name} search for?',
      'What can I feed a {name}?',
      'Which food does the {name} like?',
      'What does every {name} eat?',
      'What do I give a {name}?',
      ...indirect('what the {name} eats'),
    ],
    heldOutQuestions: ['Which food does the {name} need?', 'Do you know what the {name} eats?'],
  },
  coat: {
    kind: 'animal',
    topic: 'the coat of the {name}',
    values: colours,
    statements: [
      'The {name} is {value}.',
      'The coat of the {name} is {value}.',
      'Every grown {name} is {value}.',
      'You know a {name} by its {value} coat.',
      'The {name} turns {value} in its first year.',
      'A {value} coat hides the {name}.',
    ],
    shortAnswer: 'It is {value}.',
    questions: [
      'What colour is the {name}?',
      'Which colour has the coat of the {name}?',
      'What is the colour of the {name}?',
      'How do I know a {name}?',
      'What colour does a {name} turn?',
      'Which colour is the {name}?',
      'Of which colour is every grown {name}?',
      ...indirect('what colour the {name} is'),
    ],
    heldOutQuestions: ['What colour does the {name} have?', 'Do you know the colour of the {name}?'],
  },
  habitat: {
    kind: 'animal',
    topic: 'the home of the {name}',
    values: habitats,
    statements: [
      'The {name} lives in {value}.',
      'The home of the {name} is in {value}.',
      'A {name} sleeps in {value}.',
      'In {value} you may meet the {name}.',
      'The {name} raises its young in {value}.',
      'Look for the {name} in {value}.',
    ],
    shortAnswer: 'In {value}.',
    questions: [
      'Where does the {name} live?',
      'Where does a {name} sleep?',
      'Where can I meet the {name}?',
      'Where is the home of the {name}?',
      'Where do I look for the {name}?',
      'Where does the {name} raise its young?',
      'What is the home of the {name}?',
      ...indirect('where the {name} lives'),
    ],
    heldOutQuestions: ['In what kind of place does the {name} live?', 'Do you know where the {name} lives?'],
  },
  location: {
    kind: 'village',
    topic: 'the place of the village {name}',
    values: islands,
    statements: [
      'The village {name} lies on {value}.',
      'The village {name} is on {value}.',
      'On {value} you come to the village {name}.',
      'The road across {value} ends in the village {name}.',
      'The village {name} looks over the bay of {value}.',
      '{value} is the island of the village {name}.',
    ],
    shortAnswer: 'On {value}.',
    questions: [
      'Where is the village {name}?',
      'On which island is the village {name}?',
      'Where does the village {name} lie?',
      'How do I come to the village {name}?',
      'What is the island of the village {name}?',
      'Which island does the village {name} lie on?',
      'On which island do I find the village {name}?',
      ...indirect('where the village {name} is'),
    ],
    heldOutQuestions: ['Which island has the village {name}?', 'Do you know where the village {name} is?'],
  },
  fame: {
    kind: 'village',
    topic: 'the fame of the village {name}',
    values: fames,
    statements: [
      'The village {name} is known for {value}.',
      'The village {name} is famous for {value}.',
      'People travel to the village {name} for {value}.',
      'The village {name} is proud of {value}.',
      'No visitor of the village {name} forgets {value}.',
      'The village {name} shows {value} on its flag.',
    ],
    shortAnswer: 'For {value}.',
    questions: [
      'What is the village {name} known for?',
      'For what is the village {name} famous?',
      'Why do people travel to the village {name}?',
      'Of what is the village {name} proud?',
      'What is the village {name} proud of?',
      'What does the village {name} show on its flag?',
      'What should I see in the village {name}?',
      ...indirect('what the village {name} is known for'),
    ],
    heldOutQuestions: [
      'What makes the village {name} famous?',
      'Do you know what the village {name} is known for?',
    ],
  },
} as const satisfies Record<string, Attribute>

export type AttributeName = keyof typeof attributes
export const attributeNames = Object.keys(attributes) as AttributeName[]
export const attributesOf = (kind: Kind): AttributeName[] =>
  attributeNames.filter(name => attributes[name].kind === kind)

/** Fills a template; the first letter is a capital, as a sentence's is. */
export const fill = (template: string, name: string, value = ''): string =>
  capitalized(template.replaceAll('{name}', name).replaceAll('{value}', value))

export const capitalized = (text: string): string => text[0]!.toUpperCase() + text.slice(1)
