using System.Collections.Immutable;

namespace EthosU.LanguageServer.Python.Lexing;

/// <summary>A call of a function or class.</summary>
/// <param name="Function">Its full name where imports tell it (<c>torch.nn.SiLU</c>), or <c>self.act</c>.</param>
/// <param name="Path">The names as they stand in the script, first and last token.</param>
/// <param name="LastName">The last of them.</param>
/// <param name="Start">The first character of the call.</param>
/// <param name="Open">The opening bracket.</param>
/// <param name="Close">The closing bracket.</param>
/// <param name="Arguments">Its arguments; null where it unpacks some, so that they are not known.</param>
internal sealed record PythonCall(string Function, int Path, PythonToken LastName, int Start, int Open, int Close,
    ImmutableArray<PythonArgument>? Arguments)
{
    /// <summary>The argument of a keyword; null if it is not given so.</summary>
    public PythonArgument? Keyword(string name) => Arguments?.FirstOrDefault(argument => argument.Name == name);
}
