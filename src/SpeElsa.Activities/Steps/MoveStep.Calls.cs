using Elsa.Extensions;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

// Calls of the Management API: what this version of the server can not do a person does, and long ones are kept by their token.
public abstract partial class MoveStep
{
    /// <summary>The calls that acting needs, with what a person does where the server can not be asked.</summary>
    private protected virtual IReadOnlyList<ApiNeed> Needs => [];

    /// <summary>The machine whose Management Server is asked; only for steps that have needs.</summary>
    private protected virtual string ApiMachine(StepContext step) => throw new InvalidOperationException($"{GetType().Name} asks no Management Server.");

    /// <summary>Why a person has to act, with what to do; null when the server can be asked for everything.</summary>
    private async Task<string?> WhyByHandAsync(StepContext step)
    {
        if (Needs.Count == 0)
        {
            return null;
        }

        var machine = ApiMachine(step);
        using var api = await step.ApiAsync(machine);
        var metadata = await step.MetadataAsync(machine, api);
        var gaps = Needs.Select(need => (need.ByHand, Capability: metadata.Can(need.Function, need.Arguments))).Where(gap => !gap.Capability.IsAvailable).ToArray();
        if (gaps.Length == 0)
        {
            return null;
        }

        step.Journal("ByHand", string.Join(" ", gaps.Select(gap => gap.Capability.Why)), new { functions = gaps.Select(gap => gap.Capability.Function) });
        return string.Join(
            " ", [.. gaps.Select(gap => gap.Capability.Why), .. gaps.Select(gap => gap.ByHand).Distinct(), "Then choose Retry: it is looked whether it is done."]);
    }

    /// <summary>Keeps a call that runs on with the step; it is looked after before the step looks at the world again.</summary>
    private protected static void Keep(StepContext step, string key, string machine, ManagementApiCall call)
    {
        if (call.IsRunning)
        {
            step.State.Calls.Add(
                new CallItem { Key = key, Machine = machine, Function = call.Function, Token = call.Token!, StatusVersion = call.StatusVersion });
            step.Journal("CallRunsOn", $"{call.Function} on {machine}: {key}");
        }
    }

    /// <summary>Asks how the kept calls are going.</summary>
    /// <returns>True when none runs any more; otherwise a timer is set.</returns>
    private async Task<bool> LookAfterCallsAsync(StepContext step)
    {
        var state = step.State;
        foreach (var item in state.Calls.ToArray())
        {
            try
            {
                using var api = await step.ApiAsync(item.Machine);
                var call = await api.ContinueAsync(
                    new ManagementApiCall(item.Function, item.Token, item.StatusVersion), TimeSpan.Zero, step.CancellationToken);
                item.StatusVersion = call.StatusVersion;
                if (call.IsRunning)
                {
                    continue;
                }

                state.Calls.Remove(item);
                step.Journal("CallEnded", $"{item.Function} on {item.Machine}: {item.Key}");
            }
            catch (ManagementApiException exception) when (exception.Failure is ManagementApiFailure.TokenLost && state.Failures < MaxFailures)
            {
                // The Management Server was restarted. Whether the work was done, the world tells; if not, it is done again.
                state.Calls.Remove(item);
                state.Failures++;
                state.Phase = StepPhase.Observing;
                step.Journal("CallLost", $"{item.Function} on {item.Machine}: {item.Key}. {exception.Message}");
            }
            catch (ManagementApiException exception) when (!exception.CanRetry)
            {
                state.Calls.Remove(item);
                throw;
            }
        }

        state.Retries = 0;
        if (state.Calls.Count == 0)
        {
            (state.Waited, state.Polls) = (TimeSpan.Zero, 0);
            return true;
        }

        var wait = step.Options.Poll(state.Polls++);
        state.Waited += wait;
        if (state.Waited > step.Options.LongCall)
        {
            var running = string.Join(", ", state.Calls.Select(item => item.Key));
            // Retry goes on asking.
            state.Waited = TimeSpan.Zero;
            throw new InvalidOperationException($"The Management Server has not ended after {step.Options.LongCall}: {running}.");
        }

        step.Context.DelayFor(wait, OnDueAsync);
        return false;
    }
}
