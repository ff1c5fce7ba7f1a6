/** The schema. Amounts are floats because GraphQL's integers end at 2^31. */
export const typeDefinitions = `
type Document { id: ID! body: String! version: Int! }
type Account { id: ID! balance: Float! }
type Transfer { from: ID! to: ID! amount: Float! fromBalance: Float! toBalance: Float! }

type Query {
  document(id: ID!): Document!
  account(id: ID!): Account!
  total: Float!
}

type Mutation {
  writeDocument(id: ID!, body: String!): Document!
  transfer(from: ID!, to: ID!, amount: Float!, key: String): Transfer!
}
`;
