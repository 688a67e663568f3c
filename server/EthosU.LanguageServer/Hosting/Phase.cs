namespace EthosU.LanguageServer.Hosting;

/// <summary>Where a connection stands in the protocol's life cycle.</summary>
internal enum Phase
{
    /// <summary>Nothing but <c>initialize</c> and <c>exit</c> is answered.</summary>
    Created,
    /// <summary>Everything is answered.</summary>
    Running,
    /// <summary>Nothing but <c>exit</c> is answered.</summary>
    ShutDown,
}
