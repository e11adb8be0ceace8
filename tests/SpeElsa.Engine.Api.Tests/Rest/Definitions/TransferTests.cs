using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

public sealed class TransferTests : DefinitionTest
{
    [Fact]
    public async Task An_export_is_the_file_form_byte_for_byte_under_the_name_Elsa_gives()
    {
        var saved = await SaveAsync(Model("peer-flow", "Peer Flow v2"));
        var stored = (await Store.FindAsync("peer-flow", VersionOptions.Latest, default))!;

        using var response = await Client.GetAsync("/elsa/api/workflow-definitions/peer-flow/export?versionOptions=Latest&includeConsumingWorkflows=False");

        Assert.Equal(DefinitionJson.Export(stored), await response.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"workflow-definition-peer-flow-v2-peer-flow-{saved["id"]}.json", response.Content.Headers.ContentDisposition?.FileName);
    }

    [Fact]
    public async Task An_archive_holds_the_file_forms_and_is_the_same_bytes_each_time()
    {
        var ids = new JsonArray((string)(await SaveAsync(Model("one")))["id"]!, (string)(await SaveAsync(Model("two")))["id"]!, "nope");
        var first = await ExportManyAsync(ids);
        var second = await ExportManyAsync(ids);

        Assert.Equal(first, second);
        using var archive = new ZipArchive(new MemoryStream(first));
        Assert.Equal(2, archive.Entries.Count);
        using var reader = new StreamReader(archive.Entries.Single(entry => entry.Name.Contains("-two-", StringComparison.Ordinal)).Open());
        Assert.Equal(DefinitionJson.Export((await Store.FindAsync("two", VersionOptions.Latest, default))!), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task What_was_exported_is_imported_as_the_same_content()
    {
        await SaveAsync(Model("flow"), publish: true);
        var text = await Client.GetStringAsync("/elsa/api/workflow-definitions/flow/export");
        using (await SendAsync(HttpMethod.Delete, "workflow-definitions/flow"))
        {
        }

        var imported = (await SendAsync("workflow-definitions/import", JsonNode.Parse(text)))!;

        Assert.Equal(("flow", 1, false), ((string)imported["definitionId"]!, (int)imported["version"]!, (bool)imported["isPublished"]!));
        Assert.Equal(text, await Client.GetStringAsync("/elsa/api/workflow-definitions/flow/export"));
    }

    [Fact]
    public async Task An_import_under_an_id_takes_that_id_and_follows_what_is_published()
    {
        await SaveAsync(Model("flow"), publish: true);
        using var response = await SendAsync(HttpMethod.Put, "workflow-definitions/flow/import", Model("other", "Other", "'two'").ToJsonString());
        var imported = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(("flow", 2, "'two'"), ((string)imported["definitionId"]!, (int)imported["version"]!, TextOf(imported)));
        Assert.Equal("'hello'", TextOf((await GetAsync("workflow-definitions/by-definition-id/flow?versionOptions=Published"))!));
    }

    [Fact]
    public async Task Files_and_archives_are_imported()
    {
        using var response = await UploadAsync(
            ("a.json", Encoding.UTF8.GetBytes("\uFEFF" + Model("a").ToJsonString())),
            ("more.zip", Zip(("deep/b.json", Model("b").ToJsonString()), ("readme.txt", "no definition"), ("c.json", Model("c").ToJsonString()))));

        Assert.Equal("{\"count\":3}", await response.Content.ReadAsStringAsync());
        Assert.Equal(3, await Store.CountAsync(default));
    }

    [Fact]
    public async Task One_wrong_file_leaves_nothing_half_imported()
    {
        using var response = await UploadAsync(("a.json", Encoding.UTF8.GetBytes(Model("a").ToJsonString())), ("bad.json", "[1"u8.ToArray()), ("worse.zip", Zip(("x.json", "5"))));

        var body = await response.Content.ReadAsStringAsync();
        await RefusalAsync(response, 400);
        Assert.Equal(["bad.json", "worse.zip/x.json"], JsonNode.Parse(body)!["errors"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(0, await Store.CountAsync(default));
    }

    [Theory]
    [InlineData("broken.zip", "this is no archive")]
    [InlineData("empty.zip", null)]
    public async Task An_archive_without_definitions_is_refused(string name, string? text)
    {
        using var response = await UploadAsync((name, text is null ? Zip() : Encoding.UTF8.GetBytes(text)));

        await RefusalAsync(response, 400);
    }

    [Fact]
    public async Task An_archive_that_unpacks_to_too_much_is_refused()
    {
        using var response = await UploadAsync(("bomb.zip", Zip(("a.json", new string(' ', 65 * 1024 * 1024)))));

        await RefusalAsync(response, 413);
    }

    [Fact]
    public async Task A_form_that_breaks_off_is_refused()
    {
        using var content = new StringContent("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.json\"\r\n\r\n{");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var response = await Client.PostAsync("/elsa/api/workflow-definitions/import-files", content);

        await RefusalAsync(response, 400);
    }

    private static byte[] Zip(params (string Name, string Content)[] files)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(content);
            }
        }

        return file.ToArray();
    }

    private async Task<HttpResponseMessage> UploadAsync(params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            form.Add(new ByteArrayContent(content), "files", name);
        }

        return await Client.PostAsync("/elsa/api/workflow-definitions/import-files", form);
    }

    private async Task<byte[]> ExportManyAsync(JsonArray ids)
    {
        using var response = await PostAsync("bulk-actions/export/workflow-definitions", new JsonObject { ["ids"] = ids.DeepClone(), ["includeConsumingWorkflows"] = false });
        Assert.Equal("workflow-definitions.zip", response.Content.Headers.ContentDisposition?.FileName);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
