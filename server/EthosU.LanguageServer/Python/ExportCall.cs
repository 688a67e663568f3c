namespace EthosU.LanguageServer.Python;

/// <summary>A place in a Python file where a model is exported.</summary>
/// <param name="Line">The line of the call, from 0.</param>
/// <param name="ModelFile">
/// The file that is written, as the script says it, <c>*</c> for what an f-string puts in; null where the script does not tell.
/// </param>
internal sealed record ExportCall(int Line, string? ModelFile);
