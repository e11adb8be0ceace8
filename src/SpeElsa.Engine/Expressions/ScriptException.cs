namespace SpeElsa.Engine.Expressions;

/// <summary>A script or template can not be read, went wrong, met a limit, or gave what can not be stored. The message says which and where.</summary>
public sealed class ScriptException(string message, Exception? innerException = null) : Exception(message, innerException);
