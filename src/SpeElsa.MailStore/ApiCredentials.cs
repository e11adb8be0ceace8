using System.Net.Http.Headers;
using System.Text;

namespace SpeElsa.MailStore;

/// <summary>
/// The passwords to try, in order. An administrator with MFA must send the API password, without MFA the normal one is right, and MFA is
/// switched off and on in the middle of a move. So both are tried, the one that worked last first.
/// </summary>
internal sealed class ApiCredentials(ManagementApiConnection connection)
{
    private volatile bool _normalFirst = connection.ApiPassword is null;

    public async IAsyncEnumerable<ApiCredential> InOrderAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var normalFirst = _normalFirst;
        string? first = null;
        for (var turn = 0; turn < 2; turn++)
        {
            var normal = turn == 0 ? normalFirst : !normalFirst;
            var password = normal
                ? await connection.Password(cancellationToken)
                : connection.ApiPassword is { } read ? await read(cancellationToken) : null;
            if (string.IsNullOrEmpty(password) || password == first)
                continue;
            first = password;
            yield return new ApiCredential(connection.UserName, password, normal);
        }
    }

    public void Worked(ApiCredential credential) => _normalFirst = credential.IsNormal;
}

internal sealed class ApiCredential(string userName, string password, bool isNormal)
{
    public bool IsNormal => isNormal;

    public string Password => password;

    public AuthenticationHeaderValue Header { get; } = new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
}
