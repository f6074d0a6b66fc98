// Package quiet counts what dumpscrub takes for secrets in processes that hold none.
//
// Vocabulary:
//
//   - The feed is text of this machine: documentation, sources, headers, configuration
//     templates. It holds samples of secrets as documentation does, and no secret.
//   - A program is a server or an interpreter that keeps the feed as it keeps data of
//     its own: nginx serves it, PostgreSQL and Redis store its lines, Python, Node, Java
//     and Go programs hold it as strings. It is started with an empty environment.
//   - A false finding is one that dumpscrub's scan calls likely in the dump of a program.
//
// Findings are told by detector, kind and offset; no byte of a dump is printed.
package quiet
