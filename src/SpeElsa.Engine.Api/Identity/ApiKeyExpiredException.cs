using System.Globalization;

namespace Elsa.Identity.Contracts;

/// <summary>An API key was right, and its time is over.</summary>
public sealed class ApiKeyExpiredException : Exception
{
    /// <summary>Without a word.</summary>
    public ApiKeyExpiredException()
    {
    }

    /// <summary>With words of its own.</summary>
    public ApiKeyExpiredException(string message)
        : base(message)
    {
    }

    /// <summary>With words of its own and a cause.</summary>
    public ApiKeyExpiredException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Of an application.</summary>
    /// <param name="name">The application.</param>
    /// <param name="expiredAt">From when on its key opened nothing.</param>
    public ApiKeyExpiredException(string name, DateTimeOffset expiredAt)
        : base(string.Create(CultureInfo.InvariantCulture, $"The API key of '{name}' expired at {expiredAt:u}. An administrator can make a new one."))
    {
    }
}
