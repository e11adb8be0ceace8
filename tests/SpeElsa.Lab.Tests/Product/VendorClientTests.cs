using System.Globalization;
using System.Net;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The vendor's own clients, as they are on the wire: what they do must work against the lab, without our client in between.</summary>
public sealed class VendorClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_waits_for_the_challenge_is_asked_for_Basic_and_let_in_on_the_same_connection()
    {
        await using var lab = await ProductLab.OpenAsync();
        await using var raw = await RawConnection.OpenAsync(lab);

        var challenge = await raw.PostAsync("/api/invoke/GetInstances", "instanceFilter=*");
        var answer = await raw.PostAsync("/api/invoke/GetInstances", "instanceFilter=*", RawConnection.Service);

        Assert.Equal(401, challenge.Status);
        Assert.StartsWith("Basic realm=\"", challenge.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Empty(challenge.Body);
        Assert.Equal(200, answer.Status);
        Assert.Equal(3, answer.Json.GetProperty("result").GetArrayLength());
        Assert.Equal("Microsoft-HTTPAPI/2.0", answer.Headers["Server"]);
    }

    [Fact]
    public async Task A_client_with_credentials_in_its_handler_is_let_in_after_the_challenge()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var handler = lab.Handler();
        handler.Credentials = new NetworkCredential("speelsa", "canary-service-0");
        using var http = new HttpClient(handler) { BaseAddress = lab.Machine("spe-old").ManagementApi };

        using var response = await http.PostAsync(new Uri("api/invoke/Ping", UriKind.Relative), null, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_Continue_gets_it_before_it_sends_its_form()
    {
        await using var lab = await ProductLab.OpenAsync();
        await using var raw = await RawConnection.OpenAsync(lab);
        const string Form = "instanceFilter=acme";

        await raw.WriteAsync(RawConnection.Head("/api/invoke/GetInstances", Form, RawConnection.Service, more: "Expect: 100-continue\r\n"));
        var go = await raw.ReadAsync();
        await raw.WriteAsync(Form);
        var answer = await raw.ReadAsync();

        Assert.Equal(100, go.Status);
        Assert.Equal("acme", Assert.Single(answer.Json.GetProperty("result").EnumerateArray()).GetProperty("instanceID").GetString());
    }

    [Theory]
    [InlineData("instanceID=acme")]
    [InlineData("instanceID=%61%63me")]
    [InlineData("includeSize=true&instanceID=acme")]
    public async Task A_form_is_read_as_forms_are(string form)
    {
        await using var lab = await ProductLab.OpenAsync();
        await using var raw = await RawConnection.OpenAsync(lab);

        var answer = await raw.PostAsync("/api/invoke/GetStores", form, RawConnection.Service);

        Assert.Equal("succeeded", answer.StatusCode);
    }

    [Theory]
    [InlineData("application/json", "{\"instanceID\":\"acme\"}")]
    [InlineData("text/plain", "instanceID=acme")]
    [InlineData("application/x-www-form-urlencoded", "instanceID=acme&includeSize=True")]
    [InlineData("application/x-www-form-urlencoded", "instanceID=acme&includeSize=1")]
    public async Task What_is_not_a_form_or_no_lower_case_bool_is_an_error_in_the_frame(string contentType, string body)
    {
        await using var lab = await ProductLab.OpenAsync();
        await using var raw = await RawConnection.OpenAsync(lab);

        var answer = await raw.PostAsync("/api/invoke/GetStores", body, RawConnection.Service, contentType);

        Assert.Equal((200, "failed"), (answer.Status, answer.StatusCode));
    }

    [Fact]
    public async Task A_configuration_is_the_text_of_one_form_field_and_comes_back_as_it_was_sent()
    {
        await using var lab = await ProductLab.OpenAsync();
        await using var raw = await RawConnection.OpenAsync(lab);
        var read = await raw.PostAsync("/api/invoke/GetInstanceConfiguration", "instanceID=acme", RawConnection.Service);
        var configuration = System.Text.Json.Nodes.JsonNode.Parse(read.Json.GetProperty("result").GetRawText())!;
        configuration["displayName"] = "Gr\u00fc\u00dfe & Co. + 100 % = \"a\"";

        var form = "config=" + WebUtility.UrlEncode(configuration.ToJsonString());
        var written = await raw.PostAsync("/api/invoke/SetInstanceConfiguration", form, RawConnection.Service);
        var again = await raw.PostAsync("/api/invoke/GetInstanceConfiguration", "instanceID=acme", RawConnection.Service);

        Assert.Equal("succeeded", written.StatusCode);
        Assert.Equal("Gr\u00fc\u00dfe & Co. + 100 % = \"a\"", again.Json.GetProperty("result").GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task A_long_call_is_polled_with_the_last_version_until_it_ends()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: TimeSpan.FromMilliseconds(100));
        await using var raw = await RawConnection.OpenAsync(lab);

        var answer = await raw.PostAsync("/api/invoke/StopInstances", "instanceFilter=*", RawConnection.Service);
        var token = answer.Token;
        var versions = new List<long> { answer.Version };
        var percents = new List<double>();
        Assert.Equal("running", answer.StatusCode);
        while (answer.StatusCode == "running")
        {
            percents.Add(answer.Json.GetProperty("percentProgress").GetDouble());
            answer = await raw.PostAsync("/api/get-status", Poll(token, versions[^1], 5000), RawConnection.Service);
            versions.Add(answer.Version);
        }

        Assert.Equal("succeeded", answer.StatusCode);
        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.Equal(percents.Order(), percents);
        var instances = await raw.PostAsync("/api/invoke/GetInstances", "instanceFilter=*", RawConnection.Service);
        Assert.All(instances.Json.GetProperty("result").EnumerateArray(), instance => Assert.Equal("stopped", instance.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_poll_without_time_is_answered_at_once_with_what_is_known()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: TimeSpan.FromMinutes(10));
        await using var raw = await RawConnection.OpenAsync(lab);
        var begun = await raw.PostAsync("/api/invoke/StopInstances", "instanceFilter=acme", RawConnection.Service);
        var step = await raw.PostAsync("/api/get-status", Poll(begun.Token, begun.Version, 5000), RawConnection.Service);

        var same = await raw.PostAsync("/api/get-status", Poll(begun.Token, step.Version, 0), RawConnection.Service);

        Assert.Equal(("running", step.Version), (same.StatusCode, same.Version));
        Assert.Equal("Stopping acme", same.Json.GetProperty("statusText").GetString());
    }

    [Fact]
    public async Task A_cancelled_call_is_polled_on_to_its_end()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: TimeSpan.FromMinutes(10), configure: options => options.CancelledStatus = "aborted");
        await using var raw = await RawConnection.OpenAsync(lab);
        var begun = await raw.PostAsync("/api/invoke/StopInstances", "instanceFilter=acme", RawConnection.Service);

        var cancel = await raw.PostAsync("/api/cancel-async", $"token={begun.Token}", RawConnection.Service);
        var answer = begun;
        while (answer.StatusCode == "running")
        {
            answer = await raw.PostAsync("/api/get-status", Poll(begun.Token, answer.Version, 5000), RawConnection.Service);
        }

        Assert.Equal("succeeded", cancel.StatusCode);
        Assert.Equal("aborted", answer.StatusCode);
    }

    [Fact]
    public async Task A_token_of_a_Management_Server_that_was_restarted_is_answered_with_404()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: TimeSpan.FromMinutes(10));
        string token;
        await using (var raw = await RawConnection.OpenAsync(lab))
        {
            token = (await raw.PostAsync("/api/invoke/StopInstances", "instanceFilter=acme", RawConnection.Service)).Token;
        }

        var manager = ProductLab.Names.ManagementServerService + ProductLab.Names.ServiceSuffix;
        await lab.StopAsync(lab.Old, manager);
        await lab.StartAsync(lab.Old, manager);
        await using var again = await RawConnection.OpenAsync(lab);
        var answer = await again.PostAsync("/api/get-status", Poll(token, 0, 0), RawConnection.Service);
        var state = await again.PostAsync("/api/invoke/GetInstances", "instanceFilter=acme", RawConnection.Service);

        Assert.Equal(404, answer.Status);
        Assert.Equal("acme", state.Json.GetProperty("result")[0].GetProperty("instanceID").GetString());
    }

    private static string Poll(string token, long version, int milliseconds) => string.Create(
        CultureInfo.InvariantCulture, $"token={token}&lastKnownStatusVersion={version}&millisecondsTimeout={milliseconds}");
}
