/** The longest output that the API accepts, in characters (OpenAPI, FunctionCallOutputItemParam). */
export const longestOutput = 10_485_760;
