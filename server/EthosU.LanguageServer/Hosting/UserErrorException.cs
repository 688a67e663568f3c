namespace EthosU.LanguageServer.Hosting;

/// <summary>Something the user asked for cannot be done; the message says what and why, in a user's words.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
