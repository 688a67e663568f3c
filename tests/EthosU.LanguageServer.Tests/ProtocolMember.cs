namespace EthosU.LanguageServer.Tests;

/// <summary>A member of a type that server and client exchange.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">Its type in TypeScript's words.</param>
/// <param name="IsNullable">True if it may be absent or null.</param>
internal sealed record ProtocolMember(string Name, string Type, bool IsNullable);
