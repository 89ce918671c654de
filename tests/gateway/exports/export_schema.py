"""The part of the Partner API's schema that an export reads, in the forms in which servers have it."""

SDL = """
schema { query: QueryRoot }
scalar DateTime
scalar Decimal
scalar Url
type QueryRoot {
  app(id: ID!): App
  conversation(id: ID!): Conversation
  conversations(first: Int, after: String, last: Int): ConversationConnection!
  jobs(first: Int, after: String, last: Int): JobConnection!
  transactions(first: Int, after: String, last: Int): TransactionConnection!
}
interface Actor { id: ID! name: String! avatarUrl: Url }
type Shop implements Actor { id: ID! name: String! avatarUrl: Url myshopifyDomain: Url! }
type MerchantUser implements Actor { id: ID! name: String! avatarUrl: Url timezone: String! }
type TeamMember implements Actor { id: ID! name: String! avatarUrl: Url }
union MessageSender = MerchantUser | Shop | TeamMember
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! }
type Money { amount: Decimal! currencyCode: String! }
type JobConnection { edges: [JobEdge!]! pageInfo: PageInfo! }
type JobEdge { cursor: String! node: Job! }
type Job {
  id: ID! status: String! createdAt: DateTime! lastEventAt: DateTime! confirmedCompleted: Boolean! dashboardUrl: Url!
  shop: Shop! conversation: Conversation requirements: [JobRequirement!]! services: [Service!]!
}
type JobRequirement { question: String! responses: [String!]! }
type Service { handle: String! name: String! }
type ConversationConnection { edges: [ConversationEdge!]! pageInfo: PageInfo! }
type ConversationEdge { cursor: String! node: Conversation! }
type Conversation {
  id: ID! status: String! createdAt: DateTime! lastEventAt: DateTime! hasUnreadMessages: Boolean! dashboardUrl: Url!
  merchantUser: MerchantUser! messages(first: Int, after: String, last: Int): MessageConnection!
}
type MessageConnection { edges: [MessageEdge!]! pageInfo: PageInfo! }
type MessageEdge { cursor: String! node: Message! }
type Message {
  id: ID! sentAt: DateTime! sentVia: String! body: String fileUrls: [Url!]! sentBy: MessageSender!
}
type TransactionConnection { edges: [TransactionEdge!]! pageInfo: PageInfo! }
type TransactionEdge { cursor: String! node: Transaction! }
interface Transaction { id: ID! createdAt: DateTime! }
type AppUsageSale implements Transaction {
  id: ID! createdAt: DateTime! app: App! chargeId: ID shop: Shop grossAmount: Money netAmount: Money! shopifyFee: Money
}
type ServiceSale implements Transaction {
  id: ID! createdAt: DateTime! shop: Shop grossAmount: Money netAmount: Money! shopifyFee: Money
}
type ReferralTransaction implements Transaction {
  id: ID! createdAt: DateTime! category: String! amount: Money! shop: Shop!
}
type TaxTransaction implements Transaction { id: ID! createdAt: DateTime! type: String! amount: Money! }
type App { id: ID! name: String! apiKey: String! events(first: Int, after: String, last: Int): AppEventConnection! }
type AppEventConnection { edges: [AppEventEdge!]! pageInfo: PageInfo! }
type AppEventEdge { cursor: String! node: AppEvent! }
interface AppEvent { app: App! occurredAt: DateTime! shop: Shop! type: String! }
interface AppCharge { id: ID! name: String! test: Boolean! amount: Money! }
type AppSubscription implements AppCharge { id: ID! name: String! test: Boolean! amount: Money! billingOn: DateTime }
interface AppSubscriptionEvent { charge: AppSubscription! }
type SubscriptionChargeAccepted implements AppEvent & AppSubscriptionEvent {
  app: App! occurredAt: DateTime! shop: Shop! type: String! charge: AppSubscription!
}
type RelationshipUninstalled implements AppEvent {
  app: App! occurredAt: DateTime! shop: Shop! type: String! reason: String description: String
}
"""

SDL_WITH_PROPOSALS = (
    SDL
    + """
extend type Job { proposals: [Proposal!]! invoices: [Invoice!]! }
type Proposal { id: ID! status: String! createdAt: DateTime! description: String amount: Money! }
type Invoice {
  id: ID! number: String! status: String! issuedAt: DateTime! paidAt: DateTime amount: Money! sale: ServiceSale
}
"""
)

# With the stream and what shops subscribe to, as of 2026-07; of both only a part.
SDL_WITH_SUBSCRIPTIONS = (
    SDL_WITH_PROPOSALS
    + """
extend type QueryRoot {
  activeSubscription(appId: ID!, shopId: ID!): ActiveSubscription
  events(first: Int, after: String, filter: EventFilterInput): EventConnection!
}
input EventFilterInput { occurredAtMin: DateTime occurredAtMax: DateTime }
type EventConnection { edges: [EventEdge!]! pageInfo: PageInfo! }
type EventEdge { cursor: String! node: Event! }
type Event { id: ID! eventType: String! occurredAt: DateTime! shop: Shop subject: AppReference! }
type AppReference { id: ID! name: String! apiKey: String! }
type ActiveSubscription {
  app: AppReference! shop: Shop! billingPeriod: String! cancelAtEndOfCycle: Boolean! items: [SubscriptionItem!]!
}
type SubscriptionItem { handle: String description: String price: FlatRatePrice! }
type FlatRatePrice { active: Boolean! currency: String! amount: Decimal! }
"""
)

# As of 2026-04, where jobs and conversations have left the query root.
SDL_WITHOUT_JOBS = SDL.replace("  conversation(id: ID!): Conversation\n", "").replace(
    "  conversations(first: Int, after: String, last: Int): ConversationConnection!\n"
    "  jobs(first: Int, after: String, last: Int): JobConnection!\n",
    "",
)
