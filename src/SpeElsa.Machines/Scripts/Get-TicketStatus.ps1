# Uses: _Ticket
Write-SpeResult (Get-SpeTicketStatus ([string](Get-SpeInput 'ticket')) ([long](Get-SpeInput 'afterSequence' 0)))
